package org.alcove.kernel.integer;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Exact sums of products of codes, two rows at a time. Each loop leaves, every {@link VectorArithmetic#CHUNK_SUMS} bytes, a
 * vector for a chunk of columns: four partial sums of the upper row, then four of the lower one.
 */
final class VectorSums {

    private static final int CHUNK = VectorArithmetic.CHUNK;
    private static final int HALF = CHUNK / 2;
    private static final int ROW = VectorArithmetic.ROW_BYTES;
    private static final int STEP = VectorArithmetic.CHUNK_SUMS;
    private static final short NIBBLE = 15;

    private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;
    private static final VectorSpecies<Byte> BYTES = ByteVector.SPECIES_128;
    private static final VectorSpecies<Short> SHORTS = ShortVector.SPECIES_256;
    private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_256;
    private static final IntVector EVEN = IntVector.fromArray(INTS, new int[] {0, 2, 4, 6, 8, 10, 12, 14}, 0);
    private static final IntVector ODD = IntVector.fromArray(INTS, new int[] {1, 3, 5, 7, 9, 11, 13, 15}, 0);

    private VectorSums() {
    }

    /** Two rows of unpacked codes, {@link VectorArithmetic#ROW_BYTES} apart, in chunks of 32. */
    static void whole(MemorySegment values, MemorySegment codes, int chunks, MemorySegment sums) {
        for (int chunk = 0; chunk < chunks; chunk++) {
            long at = (long) chunk * CHUNK;
            ShortVector low = widen(values, at);
            ShortVector high = widen(values, at + HALF);
            // Two products of 128 * 127 at most: 32512, which a short holds.
            ShortVector upper = widen(codes, at).mul(low).add(widen(codes, at + HALF).mul(high));
            ShortVector lower = widen(codes, at + ROW).mul(low).add(widen(codes, at + ROW + HALF).mul(high));
            merge(pairs(upper), pairs(lower)).intoMemorySegment(sums, (long) chunk * STEP, ORDER);
        }
    }

    /** As {@link #whole} in chunks of 16. */
    static void half(MemorySegment values, MemorySegment codes, int chunks, MemorySegment sums) {
        for (int chunk = 0; chunk < chunks; chunk++) {
            long at = (long) chunk * HALF;
            ShortVector value = widen(values, at);
            ShortVector upper = widen(codes, at).mul(value);
            ShortVector lower = widen(codes, at + ROW).mul(value);
            merge(pairs(upper), pairs(lower)).intoMemorySegment(sums, (long) chunk * STEP, ORDER);
        }
    }

    /** Two rows of nibbles in place, codes j and j + 16 in byte j. */
    static void halves(MemorySegment values, NibbleRows rows, long first, long second, int chunks, MemorySegment sums) {
        MemorySegment memory = rows.nibbles();
        int stride = rows.chunkStride();
        for (int chunk = 0; chunk < chunks; chunk++) {
            ShortVector low = widen(values, (long) chunk * CHUNK);
            ShortVector high = widen(values, (long) chunk * CHUNK + HALF);
            ShortVector upper = products(widen(memory, first + (long) chunk * stride), low, high);
            ShortVector lower = products(widen(memory, second + (long) chunk * stride), low, high);
            merge(pairs(upper), pairs(lower)).intoMemorySegment(sums, (long) chunk * STEP, ORDER);
        }
    }

    /** Two rows of nibbles in place, codes 2j and 2j + 1 in byte j. */
    static void interleaved(MemorySegment values, MemorySegment memory, long first, long second, int chunks,
            MemorySegment sums) {
        for (int chunk = 0; chunk < chunks; chunk++) {
            ShortVector both = ShortVector.fromMemorySegment(SHORTS, values, (long) chunk * CHUNK, ORDER);
            ShortVector even = both.lanewise(VectorOperators.LSHL, 8).lanewise(VectorOperators.ASHR, 8);
            ShortVector odd = both.lanewise(VectorOperators.ASHR, 8);
            ShortVector upper = products(widen(memory, first + (long) chunk * HALF), even, odd);
            ShortVector lower = products(widen(memory, second + (long) chunk * HALF), even, odd);
            merge(pairs(upper), pairs(lower)).intoMemorySegment(sums, (long) chunk * STEP, ORDER);
        }
    }

    /** Low halves by some values, high halves by others; widening copied the sign upwards, so both are masked. */
    private static ShortVector products(ShortVector bytes, ShortVector low, ShortVector high) {
        return bytes.and(NIBBLE).mul(low).add(bytes.lanewise(VectorOperators.LSHR, 4).and(NIBBLE).mul(high));
    }

    private static ShortVector widen(MemorySegment memory, long at) {
        return (ShortVector) ByteVector.fromMemorySegment(BYTES, memory, at, ORDER).convertShape(VectorOperators.B2S, SHORTS, 0);
    }

    /** Adds neighbouring shorts into ints. */
    private static IntVector pairs(ShortVector shorts) {
        IntVector both = shorts.reinterpretAsInts();
        return both.lanewise(VectorOperators.LSHL, 16).lanewise(VectorOperators.ASHR, 16)
                .add(both.lanewise(VectorOperators.ASHR, 16));
    }

    /** Adds neighbouring ints: four sums of the first vector, then four of the second. */
    static IntVector merge(IntVector first, IntVector second) {
        return EVEN.selectFrom(first, second).add(ODD.selectFrom(first, second));
    }
}
