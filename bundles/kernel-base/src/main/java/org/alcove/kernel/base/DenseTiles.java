package org.alcove.kernel.base;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Inner loops of {@link VectorDense}. The sixteen virtual lanes of a dot product are one vector of 512 bits, two of 256 or
 * four of 128. Whatever the width, a loop runs over four <em>streams</em> at once, enough to hide the latency of the fused
 * multiply-add: with 512 bits the streams are four rows; with less, two rows times two neighbouring parts of the lanes, and
 * {@link VectorDense} runs the loop as often as it takes. Sums are left in memory, {@code [token][row][16 lanes]}.
 */
final class DenseTiles {

    /** Rows of a tile. */
    static final int ROWS = 4;
    /** Tokens of a large tile. */
    static final int TOKENS = 4;

    private static final ByteOrder LITTLE = ByteOrder.LITTLE_ENDIAN;
    private static final ByteOrder NATIVE = ByteOrder.nativeOrder();
    static final VectorSpecies<Float> FLOATS =
            FloatVector.SPECIES_PREFERRED.length() > 16 ? FloatVector.SPECIES_512 : FloatVector.SPECIES_PREFERRED;

    /** Lanes of one vector. */
    static final int LANES = FLOATS.length();
    /** Whether the four streams are four rows; else they are two rows times two parts. */
    static final boolean WIDE = LANES == 16;

    /** Bytes from the sums of stream 0 to those of stream 2. */
    static final long JUMP = WIDE ? 128 : 4L * LANES;

    private DenseTiles() {
    }

    /**
     * Where the four streams of a pass lie in the weights.
     *
     * @param weights memory
     * @param first byte offset of stream 0
     * @param stride bytes from stream 0 to 1, and from 2 to 3
     * @param jump bytes from stream 0 to 2, and from 1 to 3
     * @param blocks whole runs of 16 columns
     */
    record Streams(MemorySegment weights, long first, long stride, long jump, int blocks) {
    }

    /** Four streams of float32 weights by one token; {@code x} and {@code sums} are byte offsets of the pass's first part. */
    static void f32(Streams streams, MemorySegment prepared, long x, MemorySegment scratch, long sums) {
        MemorySegment weights = streams.weights;
        long w0 = streams.first;
        long w1 = w0 + streams.stride;
        long w2 = w0 + streams.jump;
        long w3 = w1 + streams.jump;
        FloatVector a0 = FloatVector.zero(FLOATS);
        FloatVector a1 = a0;
        FloatVector a2 = a0;
        FloatVector a3 = a0;
        for (int i = 0; i < streams.blocks; i++) {
            long o = 64L * i;
            FloatVector p = FloatVector.fromMemorySegment(FLOATS, prepared, x + o, NATIVE);
            FloatVector q = WIDE ? p : FloatVector.fromMemorySegment(FLOATS, prepared, x + o + 4 * LANES, NATIVE);
            a0 = p.fma(FloatVector.fromMemorySegment(FLOATS, weights, w0 + o, LITTLE), a0);
            a1 = p.fma(FloatVector.fromMemorySegment(FLOATS, weights, w1 + o, LITTLE), a1);
            a2 = q.fma(FloatVector.fromMemorySegment(FLOATS, weights, w2 + o, LITTLE), a2);
            a3 = q.fma(FloatVector.fromMemorySegment(FLOATS, weights, w3 + o, LITTLE), a3);
        }
        a0.intoMemorySegment(scratch, sums, NATIVE);
        a1.intoMemorySegment(scratch, sums + 64, NATIVE);
        a2.intoMemorySegment(scratch, sums + JUMP, NATIVE);
        a3.intoMemorySegment(scratch, sums + 64 + JUMP, NATIVE);
    }

    /** Four streams of float32 weights by four tokens, {@code tokenStride} bytes apart. */
    @SuppressWarnings("checkstyle:LongMethod")
    static void f32x4(Streams streams, MemorySegment prepared, long x, long tokenStride, MemorySegment scratch, long sums) {
        MemorySegment weights = streams.weights;
        FloatVector zero = FloatVector.zero(FLOATS);
        FloatVector a0 = zero;
        FloatVector a1 = zero;
        FloatVector a2 = zero;
        FloatVector a3 = zero;
        FloatVector b0 = zero;
        FloatVector b1 = zero;
        FloatVector b2 = zero;
        FloatVector b3 = zero;
        FloatVector c0 = zero;
        FloatVector c1 = zero;
        FloatVector c2 = zero;
        FloatVector c3 = zero;
        FloatVector d0 = zero;
        FloatVector d1 = zero;
        FloatVector d2 = zero;
        FloatVector d3 = zero;
        for (int i = 0; i < streams.blocks; i++) {
            long o = streams.first + 64L * i;
            FloatVector v0 = FloatVector.fromMemorySegment(FLOATS, weights, o, LITTLE);
            FloatVector v1 = FloatVector.fromMemorySegment(FLOATS, weights, o + streams.stride, LITTLE);
            FloatVector v2 = FloatVector.fromMemorySegment(FLOATS, weights, o + streams.jump, LITTLE);
            FloatVector v3 = FloatVector.fromMemorySegment(FLOATS, weights, o + streams.stride + streams.jump, LITTLE);
            long at = x + 64L * i;
            FloatVector p = FloatVector.fromMemorySegment(FLOATS, prepared, at, NATIVE);
            FloatVector q = WIDE ? p : FloatVector.fromMemorySegment(FLOATS, prepared, at + 4 * LANES, NATIVE);
            a0 = p.fma(v0, a0);
            a1 = p.fma(v1, a1);
            a2 = q.fma(v2, a2);
            a3 = q.fma(v3, a3);
            at += tokenStride;
            p = FloatVector.fromMemorySegment(FLOATS, prepared, at, NATIVE);
            q = WIDE ? p : FloatVector.fromMemorySegment(FLOATS, prepared, at + 4 * LANES, NATIVE);
            b0 = p.fma(v0, b0);
            b1 = p.fma(v1, b1);
            b2 = q.fma(v2, b2);
            b3 = q.fma(v3, b3);
            at += tokenStride;
            p = FloatVector.fromMemorySegment(FLOATS, prepared, at, NATIVE);
            q = WIDE ? p : FloatVector.fromMemorySegment(FLOATS, prepared, at + 4 * LANES, NATIVE);
            c0 = p.fma(v0, c0);
            c1 = p.fma(v1, c1);
            c2 = q.fma(v2, c2);
            c3 = q.fma(v3, c3);
            at += tokenStride;
            p = FloatVector.fromMemorySegment(FLOATS, prepared, at, NATIVE);
            q = WIDE ? p : FloatVector.fromMemorySegment(FLOATS, prepared, at + 4 * LANES, NATIVE);
            d0 = p.fma(v0, d0);
            d1 = p.fma(v1, d1);
            d2 = q.fma(v2, d2);
            d3 = q.fma(v3, d3);
        }
        a0.intoMemorySegment(scratch, sums, NATIVE);
        a1.intoMemorySegment(scratch, sums + 64, NATIVE);
        a2.intoMemorySegment(scratch, sums + JUMP, NATIVE);
        a3.intoMemorySegment(scratch, sums + 64 + JUMP, NATIVE);
        b0.intoMemorySegment(scratch, sums + 64 * ROWS, NATIVE);
        b1.intoMemorySegment(scratch, sums + 64 * ROWS + 64, NATIVE);
        b2.intoMemorySegment(scratch, sums + 64 * ROWS + JUMP, NATIVE);
        b3.intoMemorySegment(scratch, sums + 64 * ROWS + 64 + JUMP, NATIVE);
        c0.intoMemorySegment(scratch, sums + 128 * ROWS, NATIVE);
        c1.intoMemorySegment(scratch, sums + 128 * ROWS + 64, NATIVE);
        c2.intoMemorySegment(scratch, sums + 128 * ROWS + JUMP, NATIVE);
        c3.intoMemorySegment(scratch, sums + 128 * ROWS + 64 + JUMP, NATIVE);
        d0.intoMemorySegment(scratch, sums + 192 * ROWS, NATIVE);
        d1.intoMemorySegment(scratch, sums + 192 * ROWS + 64, NATIVE);
        d2.intoMemorySegment(scratch, sums + 192 * ROWS + JUMP, NATIVE);
        d3.intoMemorySegment(scratch, sums + 192 * ROWS + 64 + JUMP, NATIVE);
    }

    /** Adds sixteen lanes as a tree: distance 8, 4, 2, 1. */
    static float tree(MemorySegment scratch, long sums) {
        VectorSpecies<Float> four = FloatVector.SPECIES_128;
        FloatVector low = FloatVector.fromMemorySegment(four, scratch, sums, NATIVE)
                .add(FloatVector.fromMemorySegment(four, scratch, sums + 32, NATIVE));
        FloatVector high = FloatVector.fromMemorySegment(four, scratch, sums + 16, NATIVE)
                .add(FloatVector.fromMemorySegment(four, scratch, sums + 48, NATIVE));
        FloatVector sum = low.add(high);
        return (sum.lane(0) + sum.lane(2)) + (sum.lane(1) + sum.lane(3));
    }
}
