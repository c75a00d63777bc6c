package org.alcove.kernel.integer;

import java.lang.foreign.MemorySegment;
import org.alcove.api.kernel.RowRange;

/** One way to compute what {@code docs/numerics.md} specifies; all ways give the same bits. */
public interface IntegerArithmetic {

    /** Quantizes the tokens of {@code x} from one on: {@code floats} are those of all, {@code x.layout().columns()} for each. */
    void quantize(MemorySegment floats, int first, Activations x);

    /** Bytes of scratch that one {@link #multiply} needs. */
    long scratchBytes(int tokens);

    /** Whether rows that lie side by side are multiplied quicker than those of files. */
    default boolean prefersInterleaved() {
        return false;
    }

    /** Multiplies some rows of a matrix by activations. */
    void multiply(Activations x, IntegerRows weights, RowRange rows, Output y, MemorySegment scratch);
}
