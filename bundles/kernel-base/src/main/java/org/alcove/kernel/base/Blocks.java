package org.alcove.kernel.base;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.alcove.api.kernel.PackedMatrix;

/**
 * The blocks of a matrix.
 *
 * @param memory all of them
 * @param format what they hold
 * @param rowBytes bytes from one row of blocks to the next
 */
record Blocks(MemorySegment memory, BlockFormat format, long rowBytes) {

    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    static Blocks of(PackedMatrix matrix) {
        return new Blocks(matrix.plane(0), BlockFormat.of(matrix.layout()),
                matrix.layout().planes().get(0).stride(matrix.shape().columns()));
    }

    /** Offset of the block that holds a weight. */
    long at(int row, int column) {
        return row * rowBytes + (long) (column / format.columns) * format.bytes;
    }

    /** A binary16, widened. */
    float half(long offset) {
        return Float.float16ToFloat(memory.get(SHORT, offset));
    }

    int word(long offset) {
        return memory.get(INT, offset);
    }

    int unsigned(long offset) {
        return memory.get(ValueLayout.JAVA_BYTE, offset) & 0xff;
    }

    int signed(long offset) {
        return memory.get(ValueLayout.JAVA_BYTE, offset);
    }
}
