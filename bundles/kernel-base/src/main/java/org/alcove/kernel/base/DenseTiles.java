package org.alcove.kernel.base;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
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
    private static final VectorSpecies<Float> FLOATS =
            FloatVector.SPECIES_PREFERRED.length() > 16 ? FloatVector.SPECIES_512 : FloatVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Integer> INTS = FLOATS.withLanes(int.class);
    private static final VectorSpecies<Short> SHORTS =
            VectorSpecies.of(short.class, VectorShape.forBitSize(FLOATS.vectorBitSize() / 2));

    /** Lanes of one vector. */
    static final int LANES = FLOATS.length();
    /** Whether the four streams are four rows; else they are two rows times two parts. */
    static final boolean WIDE = LANES == 16;

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
        store(scratch, sums, a0, a1, a2, a3);
    }

    /** As {@link #f32}, for binary16 weights. */
    static void f16(Streams streams, MemorySegment prepared, long x, MemorySegment scratch, long sums) {
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
            long o = 32L * i;
            FloatVector p = FloatVector.fromMemorySegment(FLOATS, prepared, x + 2 * o, NATIVE);
            FloatVector q = WIDE ? p : FloatVector.fromMemorySegment(FLOATS, prepared, x + 2 * o + 4 * LANES, NATIVE);
            a0 = p.fma(half(weights, w0 + o), a0);
            a1 = p.fma(half(weights, w1 + o), a1);
            a2 = q.fma(half(weights, w2 + o), a2);
            a3 = q.fma(half(weights, w3 + o), a3);
        }
        store(scratch, sums, a0, a1, a2, a3);
    }

    /** As {@link #f32}, for bfloat16 weights. */
    static void bf16(Streams streams, MemorySegment prepared, long x, MemorySegment scratch, long sums) {
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
            long o = 32L * i;
            FloatVector p = FloatVector.fromMemorySegment(FLOATS, prepared, x + 2 * o, NATIVE);
            FloatVector q = WIDE ? p : FloatVector.fromMemorySegment(FLOATS, prepared, x + 2 * o + 4 * LANES, NATIVE);
            a0 = p.fma(brain(weights, w0 + o), a0);
            a1 = p.fma(brain(weights, w1 + o), a1);
            a2 = q.fma(brain(weights, w2 + o), a2);
            a3 = q.fma(brain(weights, w3 + o), a3);
        }
        store(scratch, sums, a0, a1, a2, a3);
    }

    /** Four streams of float32 weights by four tokens, {@code tokenStride} bytes apart. */
    @SuppressWarnings("checkstyle:LongMethod")
    static void f32x4(Streams streams, MemorySegment prepared, long x, long tokenStride, MemorySegment scratch, long sums) {
        MemorySegment weights = streams.weights;
        long w0 = streams.first;
        long w1 = w0 + streams.stride;
        long w2 = w0 + streams.jump;
        long w3 = w1 + streams.jump;
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
            long o = 64L * i;
            FloatVector v0 = FloatVector.fromMemorySegment(FLOATS, weights, w0 + o, LITTLE);
            FloatVector v1 = FloatVector.fromMemorySegment(FLOATS, weights, w1 + o, LITTLE);
            FloatVector v2 = FloatVector.fromMemorySegment(FLOATS, weights, w2 + o, LITTLE);
            FloatVector v3 = FloatVector.fromMemorySegment(FLOATS, weights, w3 + o, LITTLE);
            long at = x + o;
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
        store(scratch, sums, a0, a1, a2, a3);
        store(scratch, sums + 64 * ROWS, b0, b1, b2, b3);
        store(scratch, sums + 128 * ROWS, c0, c1, c2, c3);
        store(scratch, sums + 192 * ROWS, d0, d1, d2, d3);
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

    /** Writes {@code columns} weights of a 16-bit format as float32. */
    static void widen(DenseFormat format, MemorySegment weights, long offset, int columns, MemorySegment target, long at) {
        int whole = columns - columns % LANES;
        if (format == DenseFormat.F16) {
            for (int c = 0; c < whole; c += LANES) {
                half(weights, offset + 2L * c).intoMemorySegment(target, at + 4L * c, NATIVE);
            }
        } else {
            for (int c = 0; c < whole; c += LANES) {
                brain(weights, offset + 2L * c).intoMemorySegment(target, at + 4L * c, NATIVE);
            }
        }
        for (int c = whole; c < columns; c++) {
            target.set(ValueLayout.JAVA_FLOAT_UNALIGNED, at + 4L * c, format.read(weights, offset + 2L * c));
        }
    }

    private static void store(MemorySegment scratch, long sums, FloatVector s0, FloatVector s1, FloatVector s2,
            FloatVector s3) {
        long jump = WIDE ? 128 : 4L * LANES;
        s0.intoMemorySegment(scratch, sums, NATIVE);
        s1.intoMemorySegment(scratch, sums + 64, NATIVE);
        s2.intoMemorySegment(scratch, sums + jump, NATIVE);
        s3.intoMemorySegment(scratch, sums + 64 + jump, NATIVE);
    }

    private static FloatVector brain(MemorySegment weights, long offset) {
        return ((IntVector) ShortVector.fromMemorySegment(SHORTS, weights, offset, LITTLE)
                .convertShape(VectorOperators.ZERO_EXTEND_S2I, INTS, 0))
                .lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
    }

    /**
     * Widens binary16 exactly. The exponent is rebiased by integer addition: by 112 for normal values, by 224 for infinities
     * and NaN; a subnormal is given the exponent of 2^-14, and 2^-14 is subtracted again. (Multiplying by 2^112 would do for
     * all finite values, but takes a microcode assist for every subnormal.)
     */
    private static FloatVector half(MemorySegment weights, long offset) {
        IntVector bits = (IntVector) ShortVector.fromMemorySegment(SHORTS, weights, offset, LITTLE)
                .convertShape(VectorOperators.S2I, INTS, 0);
        IntVector magnitude = bits.lanewise(VectorOperators.LSHL, 13).and(0x0fffe000);
        VectorMask<Integer> subnormal = magnitude.compare(VectorOperators.LT, 0x00800000);
        VectorMask<Integer> special = magnitude.compare(VectorOperators.GE, 0x0f800000);
        FloatVector value = magnitude.add(112 << 23).add(112 << 23, special).add(1 << 23, subnormal).reinterpretAsFloats();
        value = value.sub(0x1p-14f, subnormal.cast(FLOATS));
        return value.reinterpretAsInts().or(bits.and(0x80000000)).reinterpretAsFloats();
    }
}
