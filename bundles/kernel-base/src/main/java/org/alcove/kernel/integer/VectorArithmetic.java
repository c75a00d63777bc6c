package org.alcove.kernel.integer;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.concurrent.atomic.AtomicReferenceArray;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.alcove.api.kernel.RowRange;

/**
 * The same bits in 256-bit vectors; of rows side by side in the widest ones ({@link VectorPanels}).
 *
 * <p>Rows are taken eight at a time, in slices of {@value #SLICE} columns. A slice is unpacked once to int8 codes in the
 * scratch memory, small enough for the first-level cache, and then multiplied by every token; for one token alone, 4-bit codes
 * are multiplied where they lie. {@link VectorSums} leaves a vector of partial sums for each chunk of 32 columns (16 in groups
 * of 16) and pair of rows; those of eight rows are then folded into one vector, a row per lane. From there the chain of fused
 * multiply-adds runs for eight rows at once, groups ascending, as specified: lanes are rows, so no order is changed.
 *
 * <p>The steps hand their vectors on through the scratch memory, and each is one flat loop: C2 inlines only so much, and a
 * vector that crosses a call costs an allocation; and only in innermost loops does it move the checks of bounds out.
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
 * <tr><td>{@value #SUMS}</td><td>int32[64][4][2][4]</td><td>per chunk, pair and row of the pair: four partial sums</td></tr>
 * <tr><td>{@value #CHAINS}</td><td>float32[tokens][8]</td><td>the chains so far</td></tr>
 * </table>
 */
public final class VectorArithmetic implements IntegerArithmetic {

    /** Columns of a chunk; half as many in groups of 16. */
    static final int CHUNK = 32;
    /** Sixty-four more than a slice, so that the rows do not compete for the same cache sets. */
    static final int ROW_BYTES = 1024 + 64;
    /** Bytes of the partial sums of a chunk. */
    static final int CHUNK_SUMS = 128;

    /** Threads beyond this many make room anew each time. */
    private static final int IDLE = 256;
    private static final int PANEL = 8;
    private static final int LANES = 4 * PANEL;
    private static final int SLICE = 1024;
    private static final int MOST_GROUPS = SLICE * 2 / CHUNK;
    private static final int SCALES = PANEL * ROW_BYTES;
    private static final int ZEROS = SCALES + MOST_GROUPS * LANES;
    private static final int MINIMA = ZEROS + MOST_GROUPS * LANES;
    private static final int SUMS = MINIMA + MOST_GROUPS * LANES;
    private static final int CHAINS = SUMS + MOST_GROUPS * CHUNK_SUMS;

    private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;
    private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_256;
    private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_256;

    /** Rooms for products of panels that no thread uses now; none belongs to a thread, which would outlive the kernel. */
    private final AtomicReferenceArray<VectorPanels> idle = new AtomicReferenceArray<>(IDLE);

    @Override
    public long scratchBytes(int tokens) {
        return CHAINS + (long) LANES * tokens;
    }

    @Override
    public boolean prefersInterleaved() {
        return true;
    }

    @Override
    public void quantize(MemorySegment floats, int first, Activations x) {
        PreparedLayout layout = x.layout();
        for (int token = first; token < x.tokens(); token++) {
            for (int group = 0; group < layout.groups(); group++) {
                VectorQuantizer.quantizeGroup(floats, x, token, group);
            }
            x.memory().asSlice(layout.codes(token) + layout.columns(), layout.padding()).fill((byte) 0);
        }
    }

    @Override
    public void multiply(Activations x, IntegerRows weights, RowRange rows, Output y, MemorySegment scratch) {
        if (weights instanceof InterleavedRows panels) {
            multiplyPanels(x, panels, rows, y);
            return;
        }
        int groups = x.layout().groups();
        int perSlice = SLICE / x.layout().group();
        boolean direct = x.tokens() == 1 && x.layout().columns() % CHUNK == 0 && weights instanceof NibbleRows;
        for (int row = rows.first(); row < rows.end(); row += PANEL) {
            RowRange panel = new RowRange(row, Math.min(row + PANEL, rows.end()));
            scratch.asSlice(CHAINS, (long) LANES * x.tokens()).fill((byte) 0);
            for (int first = 0; first < groups; first += perSlice) {
                RowRange slice = new RowRange(first, Math.min(first + perSlice, groups));
                unpack(weights, slice, panel, scratch);
                if (direct) {
                    sumsInPlace(x, (NibbleRows) weights, slice, panel, scratch);
                } else {
                    unpackCodes(weights, x.layout(), slice, panel, scratch);
                }
                for (int token = 0; token < x.tokens(); token++) {
                    if (!direct) {
                        sums(x, token, slice, panel, scratch);
                    }
                    addChunks(x.layout(), slice, scratch);
                    chain(x, token, slice, weights.hasMinimum(), scratch);
                }
            }
            store(scratch, x.tokens(), panel, y);
        }
    }

    private void multiplyPanels(Activations x, InterleavedRows weights, RowRange rows, Output y) {
        VectorPanels panels = null;
        for (int i = 0; i < idle.length() && panels == null; i++) {
            panels = idle.getAndSet(i, null);
        }
        if (panels == null || !panels.holds(x.layout().columns())) {
            panels = new VectorPanels(x.layout().columns());
        }
        panels.multiply(x, weights, rows, y);
        for (int i = 0; i < idle.length() && !idle.compareAndSet(i, null, panels); i++) {
            // Taken: the next place. Where all are, the room is let go.
        }
    }

    /** Brings scales, zeros and minima of up to eight rows into the scratch memory; lanes without a row keep what they hold. */
    private static void unpack(IntegerRows weights, RowRange groups, RowRange panel, MemorySegment scratch) {
        for (int row = panel.first(); row < panel.end(); row++) {
            long at = 4L * (row - panel.first());
            for (int group = groups.first(); group < groups.end(); group++) {
                scratch.set(JAVA_FLOAT_UNALIGNED, SCALES + at, weights.scale(row, group));
                scratch.set(JAVA_INT_UNALIGNED, ZEROS + at, weights.zero(row, group));
                if (weights.hasMinimum()) {
                    scratch.set(JAVA_FLOAT_UNALIGNED, MINIMA + at, weights.minimum(row, group));
                }
                at += LANES;
            }
        }
    }

    private static void unpackCodes(IntegerRows weights, PreparedLayout layout, RowRange groups, RowRange panel,
            MemorySegment scratch) {
        for (int row = panel.first(); row < panel.end(); row++) {
            long at = (long) (row - panel.first()) * ROW_BYTES;
            weights.codes(row, layout.start(groups.first()), layout.end(groups.end() - 1), scratch, at);
        }
    }

    private static void sumsInPlace(Activations x, NibbleRows weights, RowRange groups, RowRange panel, MemorySegment scratch) {
        int start = x.layout().start(groups.first());
        int chunks = (x.layout().end(groups.end() - 1) - start) / CHUNK;
        MemorySegment values = x.memory().asSlice(x.layout().codes(0) + start, (long) chunks * CHUNK);
        long from = (long) start / CHUNK * weights.chunkStride();
        for (int row = panel.first(); row < panel.end(); row += 2) {
            int other = Math.min(row + 1, panel.end() - 1);
            MemorySegment sums = scratch.asSlice(SUMS + (long) (row - panel.first()) / 2 * LANES);
            long upper = weights.firstChunk(row) + from;
            long lower = weights.firstChunk(other) + from;
            if (weights.interleaved()) {
                VectorSums.interleaved(values, weights.nibbles(), upper, lower, chunks, sums);
            } else {
                VectorSums.halves(values, weights, upper, lower, chunks, sums);
            }
        }
    }

    private static void sums(Activations x, int token, RowRange groups, RowRange panel, MemorySegment scratch) {
        int start = x.layout().start(groups.first());
        int columns = x.layout().end(groups.end() - 1) - start;
        MemorySegment values = x.memory().asSlice(x.layout().codes(token) + start);
        for (int lane = 0; lane < panel.size(); lane += 2) {
            MemorySegment codes = scratch.asSlice((long) lane * ROW_BYTES, 2 * ROW_BYTES);
            MemorySegment sums = scratch.asSlice(SUMS + (long) lane / 2 * LANES);
            if (x.layout().group() == CHUNK / 2) {
                VectorSums.half(values, codes, Math.ceilDiv(columns, CHUNK / 2), sums);
            } else {
                VectorSums.whole(values, codes, Math.ceilDiv(columns, CHUNK), sums);
            }
        }
    }

    /** Where a group is several chunks, adds their partial sums: those of group g end up where those of chunk g were. */
    private static void addChunks(PreparedLayout layout, RowRange groups, MemorySegment scratch) {
        int perGroup = Math.ceilDiv(layout.group(), CHUNK);
        if (perGroup == 1) {
            return;
        }
        int chunks = Math.ceilDiv(layout.end(groups.end() - 1) - layout.start(groups.first()), CHUNK);
        for (int group = 0; group < groups.size(); group++) {
            int end = Math.min(chunks, (group + 1) * perGroup);
            for (int pair = 0; pair < PANEL / 2; pair++) {
                long at = SUMS + (long) pair * LANES;
                IntVector sum = ints(scratch, at + (long) group * perGroup * CHUNK_SUMS);
                for (int chunk = group * perGroup + 1; chunk < end; chunk++) {
                    sum = sum.add(ints(scratch, at + (long) chunk * CHUNK_SUMS));
                }
                sum.intoMemorySegment(scratch, at + (long) group * CHUNK_SUMS, ORDER);
            }
        }
    }

    /** Continues the chains of eight rows of one token by the groups of the slice. */
    private static void chain(Activations x, int token, RowRange groups, boolean minima, MemorySegment scratch) {
        MemorySegment prepared = x.memory();
        long scales = x.layout().scales(token) + 4L * groups.first();
        long sums = x.layout().sums(token) + 4L * groups.first();
        FloatVector chain = FloatVector.fromMemorySegment(FLOATS, scratch, CHAINS + (long) LANES * token, ORDER);
        for (int group = 0; group < groups.size(); group++) {
            long from = SUMS + (long) group * CHUNK_SUMS;
            IntVector upper = VectorSums.merge(ints(scratch, from), ints(scratch, from + LANES));
            IntVector lower = VectorSums.merge(ints(scratch, from + 2 * LANES), ints(scratch, from + 3 * LANES));
            int sa = prepared.get(JAVA_INT_UNALIGNED, sums + 4L * group);
            float da = prepared.get(JAVA_FLOAT_UNALIGNED, scales + 4L * group);
            long at = (long) group * LANES;
            IntVector sum = VectorSums.merge(upper, lower).sub(ints(scratch, ZEROS + at).mul(sa));
            FloatVector scale = FloatVector.fromMemorySegment(FLOATS, scratch, SCALES + at, ORDER).mul(da);
            chain = ((FloatVector) sum.convert(VectorOperators.I2F, 0)).fma(scale, chain);
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

    private static void store(MemorySegment scratch, int tokens, RowRange panel, Output y) {
        for (int token = 0; token < tokens; token++) {
            long from = CHAINS + (long) LANES * token;
            MemorySegment.copy(scratch, from, y.memory(), y.at(token, panel.first()), 4L * panel.size());
        }
    }
}
