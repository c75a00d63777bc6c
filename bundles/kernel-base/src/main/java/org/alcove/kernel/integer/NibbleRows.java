package org.alcove.kernel.integer;

import java.lang.foreign.MemorySegment;

/** Rows of codes of 0 to 15, two a byte, that a single token can be multiplied by where they lie. */
public interface NibbleRows extends IntegerRows {

    /** Memory of the codes. */
    MemorySegment nibbles();

    /** Offset of the 16 bytes that hold the first 32 codes of a row. */
    long firstChunk(int row);

    /** Bytes from there to the next 32 codes. */
    int chunkStride();

    /**
     * Whether byte j holds codes 2j and 2j + 1; otherwise, codes j and j + 16. The lower code is in the low half.
     */
    boolean interleaved();
}
