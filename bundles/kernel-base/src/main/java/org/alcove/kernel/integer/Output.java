package org.alcove.kernel.integer;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Where products go.
 *
 * @param memory float32 in native byte order, token by token
 * @param stride rows of the whole matrix: floats from one token to the next
 */
public record Output(MemorySegment memory, int stride) {

    /** Offset in bytes of the product of a token and a row. */
    public long at(int token, int row) {
        return 4 * ((long) token * stride + row);
    }

    /** Writes the product of a token and a row. */
    public void put(int token, int row, float value) {
        memory.set(ValueLayout.JAVA_FLOAT_UNALIGNED, at(token, row), value);
    }
}
