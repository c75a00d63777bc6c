package org.alcove.kernel.base;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;
import org.alcove.kernel.base.DenseTiles.Streams;

/**
 * {@link DenseTiles#f32} for 16-bit weights: one token, four streams read where they lie, so that fetching and widening overlap.
 * The widening is written out four times because a vector that a method returns may cost an allocation.
 */
final class HalfTiles {

    private static final ByteOrder LITTLE = ByteOrder.LITTLE_ENDIAN;
    private static final ByteOrder NATIVE = ByteOrder.nativeOrder();
    private static final VectorSpecies<Float> FLOATS = DenseTiles.FLOATS;
    private static final VectorSpecies<Integer> INTS = FLOATS.withLanes(int.class);
    private static final VectorSpecies<Short> SHORTS =
            VectorSpecies.of(short.class, VectorShape.forBitSize(FLOATS.vectorBitSize() / 2));
    private static final int SIGN = 1 << 31;
    /** Exponent and mantissa of a binary16 after a shift by 13. */
    private static final int MAGNITUDE = 0x0fffe000;
    /** The smallest such magnitude that is infinite or not a number. */
    private static final int SPECIAL = 0x0f800000;
    private static final int REBIAS = 112 << 23;

    private HalfTiles() {
    }

    /** As {@link DenseTiles#f32}, for bfloat16 weights. */
    static void bf16(Streams streams, MemorySegment prepared, long x, MemorySegment scratch, long sums) {
        MemorySegment weights = streams.weights();
        long w0 = streams.first();
        long w1 = w0 + streams.stride();
        long w2 = w0 + streams.jump();
        long w3 = w1 + streams.jump();
        FloatVector a0 = FloatVector.zero(FLOATS);
        FloatVector a1 = a0;
        FloatVector a2 = a0;
        FloatVector a3 = a0;
        for (int i = 0; i < streams.blocks(); i++) {
            long o = 32L * i;
            FloatVector p = FloatVector.fromMemorySegment(FLOATS, prepared, x + 2 * o, NATIVE);
            FloatVector q = DenseTiles.WIDE ? p
                    : FloatVector.fromMemorySegment(FLOATS, prepared, x + 2 * o + 4 * DenseTiles.LANES, NATIVE);
            a0 = p.fma(((IntVector) ShortVector.fromMemorySegment(SHORTS, weights, w0 + o, LITTLE)
                    .convertShape(VectorOperators.S2I, INTS, 0)).lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats(), a0);
            a1 = p.fma(((IntVector) ShortVector.fromMemorySegment(SHORTS, weights, w1 + o, LITTLE)
                    .convertShape(VectorOperators.S2I, INTS, 0)).lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats(), a1);
            a2 = q.fma(((IntVector) ShortVector.fromMemorySegment(SHORTS, weights, w2 + o, LITTLE)
                    .convertShape(VectorOperators.S2I, INTS, 0)).lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats(), a2);
            a3 = q.fma(((IntVector) ShortVector.fromMemorySegment(SHORTS, weights, w3 + o, LITTLE)
                    .convertShape(VectorOperators.S2I, INTS, 0)).lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats(), a3);
        }
        a0.intoMemorySegment(scratch, sums, NATIVE);
        a1.intoMemorySegment(scratch, sums + 64, NATIVE);
        a2.intoMemorySegment(scratch, sums + DenseTiles.JUMP, NATIVE);
        a3.intoMemorySegment(scratch, sums + 64 + DenseTiles.JUMP, NATIVE);
    }

    /**
     * As {@link DenseTiles#f32}, for finite binary16 weights. Adding 112 to the exponent gives A, right for a normal value; for a
     * subnormal it is B = 2A - 2^-14, exactly. A is at least 2^-14 for the former and less for the latter, so that the right
     * one is the smaller of the two, and both are positive, so that their bits compare as integers. (Multiplying by 2^112
     * would do too, but takes a microcode assist for every subnormal.)
     *
     * @return whether all weights were finite; where they were not, the sums are wrong
     */
    @SuppressWarnings("checkstyle:LongMethod")
    static boolean f16(Streams streams, MemorySegment prepared, long x, MemorySegment scratch, long sums) {
        MemorySegment weights = streams.weights();
        long w0 = streams.first();
        long w1 = w0 + streams.stride();
        long w2 = w0 + streams.jump();
        long w3 = w1 + streams.jump();
        FloatVector two = FloatVector.broadcast(FLOATS, 2);
        FloatVector least = FloatVector.broadcast(FLOATS, -0x1p-14f);
        FloatVector a0 = FloatVector.zero(FLOATS);
        FloatVector a1 = a0;
        FloatVector a2 = a0;
        FloatVector a3 = a0;
        IntVector largest = IntVector.zero(INTS);
        for (int i = 0; i < streams.blocks(); i++) {
            long o = 32L * i;
            FloatVector p = FloatVector.fromMemorySegment(FLOATS, prepared, x + 2 * o, NATIVE);
            FloatVector q = DenseTiles.WIDE ? p
                    : FloatVector.fromMemorySegment(FLOATS, prepared, x + 2 * o + 4 * DenseTiles.LANES, NATIVE);
            IntVector h = (IntVector) ShortVector.fromMemorySegment(SHORTS, weights, w0 + o, LITTLE)
                    .convertShape(VectorOperators.S2I, INTS, 0);
            IntVector m = h.lanewise(VectorOperators.LSHL, 13).and(MAGNITUDE);
            largest = largest.max(m);
            m = m.add(REBIAS);
            m = m.min(m.reinterpretAsFloats().fma(two, least).reinterpretAsInts());
            a0 = p.fma(m.or(h.and(SIGN)).reinterpretAsFloats(), a0);
            h = (IntVector) ShortVector.fromMemorySegment(SHORTS, weights, w1 + o, LITTLE)
                    .convertShape(VectorOperators.S2I, INTS, 0);
            m = h.lanewise(VectorOperators.LSHL, 13).and(MAGNITUDE);
            largest = largest.max(m);
            m = m.add(REBIAS);
            m = m.min(m.reinterpretAsFloats().fma(two, least).reinterpretAsInts());
            a1 = p.fma(m.or(h.and(SIGN)).reinterpretAsFloats(), a1);
            h = (IntVector) ShortVector.fromMemorySegment(SHORTS, weights, w2 + o, LITTLE)
                    .convertShape(VectorOperators.S2I, INTS, 0);
            m = h.lanewise(VectorOperators.LSHL, 13).and(MAGNITUDE);
            largest = largest.max(m);
            m = m.add(REBIAS);
            m = m.min(m.reinterpretAsFloats().fma(two, least).reinterpretAsInts());
            a2 = q.fma(m.or(h.and(SIGN)).reinterpretAsFloats(), a2);
            h = (IntVector) ShortVector.fromMemorySegment(SHORTS, weights, w3 + o, LITTLE)
                    .convertShape(VectorOperators.S2I, INTS, 0);
            m = h.lanewise(VectorOperators.LSHL, 13).and(MAGNITUDE);
            largest = largest.max(m);
            m = m.add(REBIAS);
            m = m.min(m.reinterpretAsFloats().fma(two, least).reinterpretAsInts());
            a3 = q.fma(m.or(h.and(SIGN)).reinterpretAsFloats(), a3);
        }
        a0.intoMemorySegment(scratch, sums, NATIVE);
        a1.intoMemorySegment(scratch, sums + 64, NATIVE);
        a2.intoMemorySegment(scratch, sums + DenseTiles.JUMP, NATIVE);
        a3.intoMemorySegment(scratch, sums + 64 + DenseTiles.JUMP, NATIVE);
        return largest.lt(SPECIAL).allTrue();
    }
}
