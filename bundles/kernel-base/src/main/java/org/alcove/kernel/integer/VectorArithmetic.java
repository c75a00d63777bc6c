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
 * a time are added in short lanes, and pairs of them widened to int lanes; the lanes of eight rows are then folded into one
 * vector, a row per lane. From there the chain of fused multiply-adds runs for eight rows at once, groups ascending, as
 * specified: lanes are rows, so no order is changed.
 *
 * <p>The steps hand their vectors on through the scratch memory, and each is a loop small enough to be inlined whole: C2 gives
 * up on larger ones, and a vector that crosses a call costs an allocation.
 *
 * <p>Scratch memory, where eight rows lie side by side save for the codes:
 *
 * <table>
 * <caption>Offsets in bytes</caption>
 * <tr><th>from</th><th>type</th><th>holds</th></tr>
 * <tr><td>0</td><td>int8[8][{@value #ROW_BYTES}]</td><td>codes of the slice, row by row</td></tr>
 * <tr><td>{@value #SCALES}</td><td>float32[64][8]</td><td>scales of the groups of the slice</td></tr>
 * <tr><td>{@value #ZEROS}</td><td>int32[64][8]</td><td>zeros of the groups</td></tr>
 * <tr><td>{@value #MINIMA}</td><td>float32[64][8]</td><td>minima of the groups, where the format has them</td></tr>
 * <tr><td>{@value #SUMS}</td><td>int32[64][4][8]</td><td>four partial sums of each row, a pair of rows after the other</td></tr>
 * <tr><td>{@value #CHAINS}</td><td>float32[tokens][8]</td><td>the chains so far</td></tr>
 * </table>
 */
public final class VectorArithmetic implements IntegerArithmetic {

    private static final int PANEL = 8;
    private static final int LANES = 4 * PANEL;
    private static final int SLICE = 1024;
    private static final int HALF = 16;
    /** Sixty-four more than the slice, so that the rows do not compete for the same cache sets. */
    private static final int ROW_BYTES = SLICE + 64;
    private static final int MOST_GROUPS = SLICE / HALF;
    private static final int SCALES = PANEL * ROW_BYTES;
    private static final int ZEROS = SCALES + MOST_GROUPS * LANES;
    private static final int MINIMA = ZEROS + MOST_GROUPS * LANES;
    private static final int SUMS = MINIMA + MOST_GROUPS * LANES;
    private static final int GROUP_SUMS = PANEL / 2 * LANES;
    private static final int CHAINS = SUMS + MOST_GROUPS * GROUP_SUMS;

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
                    for (int pair = 0; pair < Math.ceilDiv(panel.size(), 2); pair++) {
                        if (x.layout().group() == HALF) {
                            halfSums(x, token, first, end, pair, scratch);
                        } else {
                            sums(x, token, first, end, pair, scratch);
                        }
                    }
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

    /** Sums of every group of the slice for two neighbouring rows: four partial sums of one, then four of the other. */
    private static void sums(Activations x, int token, int first, int end, int pair, MemorySegment scratch) {
        MemorySegment prepared = x.memory();
        int size = x.layout().group();
        long values = x.layout().codes(token) + x.layout().start(first);
        long row = 2L * pair * ROW_BYTES;
        int columns = x.layout().end(end - 1) - x.layout().start(first);
        long target = SUMS + (long) pair * LANES;
        for (int start = 0; start < columns; start += size) {
            int stop = Math.min(start + size, columns);
            IntVector upper = IntVector.zero(INTS);
            IntVector lower = upper;
            for (int i = start; i < stop; i += 2 * HALF) {
                ShortVector low = widen(prepared, values + i);
                ShortVector high = widen(prepared, values + i + HALF);
                upper = upper.add(pairs(products(scratch, row + i, low, high)));
                lower = lower.add(pairs(products(scratch, row + ROW_BYTES + i, low, high)));
            }
            merge(upper, lower).intoMemorySegment(scratch, target, ORDER);
            target += GROUP_SUMS;
        }
    }

    /** As {@link #sums} for groups of 16. */
    private static void halfSums(Activations x, int token, int first, int end, int pair, MemorySegment scratch) {
        MemorySegment prepared = x.memory();
        long values = x.layout().codes(token) + x.layout().start(first);
        long row = 2L * pair * ROW_BYTES;
        int columns = x.layout().end(end - 1) - x.layout().start(first);
        long target = SUMS + (long) pair * LANES;
        for (int start = 0; start < columns; start += HALF) {
            ShortVector value = widen(prepared, values + start);
            IntVector upper = pairs(widen(scratch, row + start).mul(value));
            IntVector lower = pairs(widen(scratch, row + ROW_BYTES + start).mul(value));
            merge(upper, lower).intoMemorySegment(scratch, target, ORDER);
            target += GROUP_SUMS;
        }
    }

    /** Continues the chains of eight rows of one token by the groups of the slice. */
    private static void chain(Activations x, int token, int first, int end, boolean minima, MemorySegment scratch) {
        MemorySegment prepared = x.memory();
        long scales = x.layout().scales(token) + 4L * first;
        long sums = x.layout().sums(token) + 4L * first;
        FloatVector chain = FloatVector.fromMemorySegment(FLOATS, scratch, CHAINS + (long) LANES * token, ORDER);
        for (int group = 0; group < end - first; group++) {
            long from = SUMS + (long) group * GROUP_SUMS;
            IntVector upper = merge(ints(scratch, from), ints(scratch, from + LANES));
            IntVector sum = merge(upper, merge(ints(scratch, from + 2 * LANES), ints(scratch, from + 3 * LANES)));
            int sa = prepared.get(JAVA_INT_UNALIGNED, sums + 4L * group);
            float da = prepared.get(JAVA_FLOAT_UNALIGNED, scales + 4L * group);
            long at = (long) group * LANES;
            FloatVector exact = (FloatVector) sum.sub(ints(scratch, ZEROS + at).mul(sa)).convert(VectorOperators.I2F, 0);
            chain = exact.fma(FloatVector.fromMemorySegment(FLOATS, scratch, SCALES + at, ORDER).mul(da), chain);
            if (minima) {
                FloatVector minimum = FloatVector.fromMemorySegment(FLOATS, scratch, MINIMA + at, ORDER).mul(da);
                chain = FloatVector.broadcast(FLOATS, sa).fma(minimum, chain);
            }
        }
        chain.intoMemorySegment(scratch, CHAINS + (long) LANES * token, ORDER);
    }

    private static IntVector ints(MemorySegment memory, long at) {
        return IntVector.fromMemorySegment(INTS, memory, at, ORDER);
    }

    /** Sums of two products: at most 2 * 128 * 127 = 32512, which a short holds. */
    private static ShortVector products(MemorySegment scratch, long at, ShortVector low, ShortVector high) {
        return widen(scratch, at).mul(low).add(widen(scratch, at + HALF).mul(high));
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

    private static void store(MemorySegment scratch, int tokens, RowRange panel, Output y) {
        for (int token = 0; token < tokens; token++) {
            long from = CHAINS + (long) LANES * token;
            MemorySegment.copy(scratch, from, y.memory(), y.at(token, panel.first()), 4L * panel.size());
        }
    }
}
