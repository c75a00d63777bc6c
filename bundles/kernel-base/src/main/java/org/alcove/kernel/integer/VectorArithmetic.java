package org.alcove.kernel.integer;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.alcove.api.kernel.RowRange;

/**
 * The same bits in 256-bit vectors.
 *
 * <p>Rows are taken eight at a time, in slices of {@value #SLICE} columns. A slice is unpacked once to int8 codes in the
 * scratch memory, small enough for the first-level cache, and then multiplied by every token. Sixteen products of a row at
 * a time are added in short lanes, pairs of them widened to int lanes, and when a group ends the lanes of the eight rows
 * are folded into one vector, a row per lane. From there the chain of fused multiply-adds runs for eight rows at once,
 * groups ascending, as specified: lanes are rows, so no order is changed.
 *
 * <p>Scratch memory, where eight rows lie side by side save for the codes:
 *
 * <table>
 * <caption>Offsets in bytes</caption>
 * <tr><th>from</th><th>type</th><th>holds</th></tr>
 * <tr><td>0</td><td>int8[8][{@value #ROW_BYTES}]</td><td>codes of the slice, row by row</td></tr>
 * <tr><td>{@value #SCALES}</td><td>float32[128][8]</td><td>scales of the groups of the slice</td></tr>
 * <tr><td>{@value #ZEROS}</td><td>int32[128][8]</td><td>zeros of the groups</td></tr>
 * <tr><td>{@value #MINIMA}</td><td>float32[128][8]</td><td>minima of the groups, where the format has them</td></tr>
 * <tr><td>{@value #CHAINS}</td><td>float32[tokens][8]</td><td>the chains so far</td></tr>
 * </table>
 */
public final class VectorArithmetic implements IntegerArithmetic {

    private static final int PANEL = 8;
    private static final int LANES = 4 * PANEL;
    private static final int SLICE = 2048;
    /** Sixty-four more than the slice, so that the rows do not compete for the same cache sets. */
    private static final int ROW_BYTES = SLICE + 64;
    private static final int MOST_GROUPS = SLICE / 16;
    private static final int SCALES = PANEL * ROW_BYTES;
    private static final int ZEROS = SCALES + MOST_GROUPS * LANES;
    private static final int MINIMA = ZEROS + MOST_GROUPS * LANES;
    private static final int CHAINS = MINIMA + MOST_GROUPS * LANES;

    private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;
    private static final VectorSpecies<Byte> BYTES = ByteVector.SPECIES_128;
    private static final VectorSpecies<Short> SHORTS = ShortVector.SPECIES_256;
    private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_256;
    private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_256;
    private static final IntVector EVEN = IntVector.fromArray(INTS, new int[] {0, 2, 4, 6, 8, 10, 12, 14}, 0);
    private static final IntVector ODD = IntVector.fromArray(INTS, new int[] {1, 3, 5, 7, 9, 11, 13, 15}, 0);

    @Override
    public long scratchBytes(int tokens) {
        return CHAINS + (long) LANES * tokens;
    }

    @Override
    public void quantize(MemorySegment floats, Activations x) {
        PreparedLayout layout = x.layout();
        for (int token = 0; token < x.tokens(); token++) {
            for (int group = 0; group < layout.groups(); group++) {
                VectorQuantizer.quantizeGroup(floats, x, token, group);
            }
            x.memory().asSlice(layout.codes(token) + layout.columns(), layout.padding()).fill((byte) 0);
        }
    }

    @Override
    public void multiply(Activations x, IntegerRows weights, RowRange rows, Output y, MemorySegment scratch) {
        int groups = x.layout().groups();
        int perSlice = SLICE / x.layout().group();
        for (int row = rows.first(); row < rows.end(); row += PANEL) {
            RowRange panel = new RowRange(row, Math.min(row + PANEL, rows.end()));
            scratch.asSlice(CHAINS, (long) LANES * x.tokens()).fill((byte) 0);
            for (int first = 0; first < groups; first += perSlice) {
                int end = Math.min(first + perSlice, groups);
                unpack(weights, x.layout(), panel, first, end, scratch);
                for (int token = 0; token < x.tokens(); token++) {
                    chain(x, token, first, end, weights.hasMinimum(), scratch);
                }
            }
            store(scratch, x.tokens(), panel, y);
        }
    }

    /** Brings a slice of up to eight rows into the scratch memory; lanes without a row keep what they hold. */
    private static void unpack(IntegerRows weights, PreparedLayout layout, RowRange panel, int first, int end,
            MemorySegment scratch) {
        for (int row = panel.first(); row < panel.end(); row++) {
            int lane = row - panel.first();
            weights.codes(row, layout.start(first), layout.end(end - 1), scratch, (long) lane * ROW_BYTES);
            for (int group = first; group < end; group++) {
                long at = (long) (group - first) * LANES + 4L * lane;
                scratch.set(JAVA_FLOAT_UNALIGNED, SCALES + at, weights.scale(row, group));
                scratch.set(JAVA_INT_UNALIGNED, ZEROS + at, weights.zero(row, group));
            }
            if (weights.hasMinimum()) {
                for (int group = first; group < end; group++) {
                    long at = (long) (group - first) * LANES + 4L * lane;
                    scratch.set(JAVA_FLOAT_UNALIGNED, MINIMA + at, weights.minimum(row, group));
                }
            }
        }
    }

    /** Continues the chains of eight rows of one token by some groups. */
    private static void chain(Activations x, int token, int first, int end, boolean minima, MemorySegment scratch) {
        MemorySegment prepared = x.memory();
        PreparedLayout layout = x.layout();
        int size = layout.group();
        long codes = layout.codes(token) + layout.start(first);
        long scales = layout.scales(token) + 4L * first;
        long sums = layout.sums(token) + 4L * first;
        FloatVector chain = FloatVector.fromMemorySegment(FLOATS, scratch, CHAINS + (long) LANES * token, ORDER);
        for (int group = 0; group < end - first; group++) {
            int start = group * size;
            int bytes = Math.min(size, layout.columns() - layout.start(first) - start);
            IntVector sum = bytes <= BYTES.length() ? half(prepared, codes + start, scratch, start)
                    : fold(prepared, codes + start, scratch, start, bytes);
            int sa = prepared.get(JAVA_INT_UNALIGNED, sums + 4L * group);
            float da = prepared.get(JAVA_FLOAT_UNALIGNED, scales + 4L * group);
            long at = (long) group * LANES;
            sum = sum.sub(IntVector.fromMemorySegment(INTS, scratch, ZEROS + at, ORDER).mul(sa));
            FloatVector scale = FloatVector.fromMemorySegment(FLOATS, scratch, SCALES + at, ORDER).mul(da);
            chain = floats(sum).fma(scale, chain);
            if (minima) {
                FloatVector minimum = FloatVector.fromMemorySegment(FLOATS, scratch, MINIMA + at, ORDER).mul(da);
                chain = FloatVector.broadcast(FLOATS, sa).fma(minimum, chain);
            }
        }
        chain.intoMemorySegment(scratch, CHAINS + (long) LANES * token, ORDER);
    }

    /** Sums of a group of more than 16 columns for eight rows. */
    private static IntVector fold(MemorySegment x, long at, MemorySegment scratch, int start, int bytes) {
        IntVector s0 = IntVector.zero(INTS);
        IntVector s1 = s0;
        IntVector s2 = s0;
        IntVector s3 = s0;
        IntVector s4 = s0;
        IntVector s5 = s0;
        IntVector s6 = s0;
        IntVector s7 = s0;
        for (int i = 0; i < bytes; i += 2 * BYTES.length()) {
            ShortVector low = widen(x, at + i);
            ShortVector high = widen(x, at + i + BYTES.length());
            long from = start + i;
            s0 = s0.add(pairs(products(scratch, from, low, high)));
            s1 = s1.add(pairs(products(scratch, from + ROW_BYTES, low, high)));
            s2 = s2.add(pairs(products(scratch, from + 2 * ROW_BYTES, low, high)));
            s3 = s3.add(pairs(products(scratch, from + 3 * ROW_BYTES, low, high)));
            s4 = s4.add(pairs(products(scratch, from + 4 * ROW_BYTES, low, high)));
            s5 = s5.add(pairs(products(scratch, from + 5 * ROW_BYTES, low, high)));
            s6 = s6.add(pairs(products(scratch, from + 6 * ROW_BYTES, low, high)));
            s7 = s7.add(pairs(products(scratch, from + 7 * ROW_BYTES, low, high)));
        }
        return merge(merge(merge(s0, s1), merge(s2, s3)), merge(merge(s4, s5), merge(s6, s7)));
    }

    /** Sums of a group of at most 16 columns for eight rows. */
    private static IntVector half(MemorySegment x, long at, MemorySegment scratch, int start) {
        ShortVector values = widen(x, at);
        IntVector s0 = pairs(widen(scratch, start).mul(values));
        IntVector s1 = pairs(widen(scratch, start + ROW_BYTES).mul(values));
        IntVector s2 = pairs(widen(scratch, start + 2 * ROW_BYTES).mul(values));
        IntVector s3 = pairs(widen(scratch, start + 3 * ROW_BYTES).mul(values));
        IntVector s4 = pairs(widen(scratch, start + 4 * ROW_BYTES).mul(values));
        IntVector s5 = pairs(widen(scratch, start + 5 * ROW_BYTES).mul(values));
        IntVector s6 = pairs(widen(scratch, start + 6 * ROW_BYTES).mul(values));
        IntVector s7 = pairs(widen(scratch, start + 7 * ROW_BYTES).mul(values));
        return merge(merge(merge(s0, s1), merge(s2, s3)), merge(merge(s4, s5), merge(s6, s7)));
    }

    /** Sums of two products: at most 2 * 128 * 127 = 32512, which a short holds. */
    private static ShortVector products(MemorySegment scratch, long at, ShortVector low, ShortVector high) {
        return widen(scratch, at).mul(low).add(widen(scratch, at + BYTES.length()).mul(high));
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
    private static IntVector merge(IntVector first, IntVector second) {
        return EVEN.selectFrom(first, second).add(ODD.selectFrom(first, second));
    }

    private static FloatVector floats(IntVector ints) {
        return (FloatVector) ints.convert(VectorOperators.I2F, 0);
    }

    private static void store(MemorySegment scratch, int tokens, RowRange panel, Output y) {
        for (int token = 0; token < tokens; token++) {
            long from = CHAINS + (long) LANES * token;
            MemorySegment.copy(scratch, from, y.memory(), y.at(token, panel.first()), 4L * panel.size());
        }
    }
}
