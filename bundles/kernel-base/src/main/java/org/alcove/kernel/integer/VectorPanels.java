package org.alcove.kernel.integer;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.I2F;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;
import org.alcove.api.kernel.RowRange;

/**
 * The same bits from rows side by side ({@link InterleavedRows}), in the widest vectors of the processor: a lane is a row, from
 * the codes to the product.
 *
 * <p>A lane of 32 bits holds four bytes of a row, two codes each. Taken as two lanes of 16 bits, each holds four codes
 * {@code n}, to be multiplied by four activations {@code a} that are the same for all rows. Codes need not be masked for that:
 * with {@code v} shifted by 0, 4, 8 and 12 bits, {@code n0 a0 + n1 a1 + ...} is {@code v a0 + (v >>> 4) (a1 - 16 a0) + ...}, as
 * {@code n0} is {@code v - 16 (v >>> 4)}. Sixteen products of 15 * 127 at most add up to 30480, which 16 bits hold, and what
 * overflows on the way there does no harm, since they count modulo 65536. Then a chunk is done, and the two lanes of a row are
 * added.
 *
 * <p>The steps are flat loops, and the one of the products, where the time goes, calls nothing but the Vector API: C2 always
 * inlines that, but not our own methods once a loop has become large, and a vector that crosses a call costs an allocation. They
 * hand their vectors on through arrays, because after a store into a memory segment C2 looks anew whether all segments are
 * alive. A chunk of a panel is all that is loaded at once: with more, or with loads that only ask for what comes next, the
 * processor fetches ahead less well.
 */
final class VectorPanels {

    private static final int TOKENS = 8;
    private static final int ROWS = InterleavedRows.ROWS;
    private static final int CHUNK = InterleavedRows.CHUNK;
    /** Quads of a chunk, and pairs of activations that meet each. */
    private static final int FOUR = 4;
    private static final int QUAD_BYTES = FOUR * ROWS;
    private static final int PAIRS = FOUR * FOUR;

    private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;
    private static final VectorSpecies<Integer> EIGHT = IntVector.SPECIES_256;
    /** A lane for each row of a panel, or of half of one. */
    private static final VectorSpecies<Integer> INTS =
            IntVector.SPECIES_PREFERRED.length() >= ROWS ? IntVector.SPECIES_512 : EIGHT;
    private static final VectorSpecies<Float> FLOATS = INTS.withLanes(float.class);
    private static final VectorSpecies<Short> SHORTS = INTS.withLanes(short.class);
    private static final int LANES = INTS.length();
    /** What pairs of even and of odd bytes, four low halves and four high ones each, leave for each quad. */
    private static final IntVector FIRST = IntVector.fromArray(EIGHT, new int[] {0, 4, 8, 12, 1, 5, 9, 13}, 0);
    private static final IntVector SECOND = IntVector.fromArray(EIGHT, new int[] {2, 6, 10, 14, 3, 7, 11, 15}, 0);
    /** Of each four, the one before; and that times 16, but of the first. */
    private static final VectorShuffle<Integer> BEFORE = VectorShuffle.fromArray(EIGHT, new int[] {0, 0, 1, 2, 4, 4, 5, 6}, 0);
    private static final ShortVector SIXTEEN = ShortVector.fromArray(ShortVector.SPECIES_256,
            new short[] {0, 0, 16, 16, 16, 16, 16, 16, 0, 0, 16, 16, 16, 16, 16, 16}, 0);

    private final int chunks;
    /** For each token, chunk, quad and code {@code n} of the four in 16 bits: two activations, less 16 times the ones before. */
    private final int[] pairs;
    /** For each token and group, as {@link PreparedLayout} has them: brought here, because reading segments is not inlined. */
    private final float[] tokenScales;
    private final int[] tokenSums;
    /** Of each chunk, then of each group: a row per lane. */
    private final int[] sums;
    private final PanelNumbers numbers;
    private final float[] chains = new float[LANES];

    /** Room for products with matrices of that many columns. */
    VectorPanels(int columns) {
        this.chunks = Math.ceilDiv(columns, CHUNK);
        this.pairs = new int[TOKENS * chunks * PAIRS];
        this.tokenScales = new float[TOKENS * chunks];
        this.tokenSums = new int[TOKENS * chunks];
        this.sums = new int[chunks * LANES];
        this.numbers = new PanelNumbers(chunks);
    }

    /** Whether there is room for that many columns. */
    boolean holds(int columns) {
        return columns <= chunks * CHUNK;
    }

    void multiply(Activations x, InterleavedRows weights, RowRange rows, Output y) {
        Product product = new Product(x, weights, rows, y);
        int used = product.chunks();
        for (int first = 0; first < x.tokens(); first += TOKENS) {
            int end = Math.min(first + TOKENS, x.tokens());
            for (int token = first; token < end; token++) {
                read(x, token, token - first, used);
            }
            for (int row = rows.first() / ROWS * ROWS; row < rows.end(); row += ROWS) {
                multiply(product, first, end, row);
            }
        }
    }

    /** Reads what a token has, to be the one of that number among those that are multiplied together. */
    private void read(Activations x, int token, int number, int used) {
        PreparedLayout layout = x.layout();
        int groups = layout.groups();
        MemorySegment memory = x.memory();
        pair(memory.asSlice(layout.codes(token), (long) used * CHUNK), used, pairs, number * used * PAIRS);
        MemorySegment.copy(memory, JAVA_FLOAT_UNALIGNED, layout.scales(token), tokenScales, number * groups, groups);
        MemorySegment.copy(memory, JAVA_INT_UNALIGNED, layout.sums(token), tokenSums, number * groups, groups);
    }

    /** Products of up to eight tokens and a panel. */
    private void multiply(Product product, int firstToken, int endToken, int row) {
        InterleavedRows weights = product.weights;
        int groups = product.x.layout().groups();
        int used = product.chunks();
        numbers.read(weights, row, groups);
        for (int lane = 0; lane < ROWS; lane += LANES) {
            MemorySegment codes = weights.panel(0, row + lane);
            for (int token = firstToken; token < endToken; token++) {
                products(pairs, (token - firstToken) * used * PAIRS, codes, used, sums);
                chain(product, (token - firstToken) * groups, lane);
                product.store(chains, token, row + lane);
            }
        }
    }

    /** Puts activations of one token side by side as the codes that they meet are. */
    private static void pair(MemorySegment codes, int chunks, int[] pairs, int at) {
        for (int chunk = 0; chunk < chunks; chunk++) {
            IntVector bytes = IntVector.fromMemorySegment(EIGHT, codes, (long) chunk * CHUNK, ORDER);
            IntVector even = even(bytes);
            IntVector odd = even(bytes.lanewise(LSHR, 8));
            differences(FIRST.selectFrom(even, odd)).intoArray(pairs, at + chunk * PAIRS);
            differences(SECOND.selectFrom(even, odd)).intoArray(pairs, at + chunk * PAIRS + PAIRS / 2);
        }
    }

    /** Takes off each what is in the code before it, 16 times as much, as that one is not masked. */
    private static IntVector differences(IntVector pairs) {
        ShortVector before = pairs.rearrange(BEFORE).reinterpretAsShorts().mul(SIXTEEN);
        return pairs.reinterpretAsShorts().sub(before).reinterpretAsInts();
    }

    /** Bytes 0 and 2 of each lane, widened to 16 bits each. */
    private static IntVector even(IntVector bytes) {
        IntVector low = bytes.lanewise(LSHL, 24).lanewise(ASHR, 24).and(0xffff);
        IntVector high = bytes.lanewise(LSHL, 8).lanewise(ASHR, 24);
        return high.lanewise(LSHL, 16).or(low);
    }

    /** Sums of the products of each chunk. */
    private static void products(int[] pairs, int at, MemorySegment codes, int chunks, int[] sums) {
        for (int chunk = 0; chunk < chunks; chunk++) {
            long from = (long) chunk * FOUR * QUAD_BYTES;
            int pair = at + chunk * PAIRS;
            ShortVector first = ShortVector.fromMemorySegment(SHORTS, codes, from, ORDER);
            ShortVector second = ShortVector.fromMemorySegment(SHORTS, codes, from + QUAD_BYTES, ORDER);
            ShortVector third = ShortVector.fromMemorySegment(SHORTS, codes, from + 2 * QUAD_BYTES, ORDER);
            ShortVector fourth = ShortVector.fromMemorySegment(SHORTS, codes, from + 3 * QUAD_BYTES, ORDER);
            ShortVector sum = first.mul(IntVector.broadcast(INTS, pairs[pair]).reinterpretAsShorts())
                    .add(first.lanewise(LSHR, 4).mul(IntVector.broadcast(INTS, pairs[pair + 1]).reinterpretAsShorts()))
                    .add(first.lanewise(LSHR, 8).mul(IntVector.broadcast(INTS, pairs[pair + 2]).reinterpretAsShorts()))
                    .add(first.lanewise(LSHR, 12).mul(IntVector.broadcast(INTS, pairs[pair + 3]).reinterpretAsShorts()));
            sum = sum.add(second.mul(IntVector.broadcast(INTS, pairs[pair + 4]).reinterpretAsShorts()))
                    .add(second.lanewise(LSHR, 4).mul(IntVector.broadcast(INTS, pairs[pair + 5]).reinterpretAsShorts()))
                    .add(second.lanewise(LSHR, 8).mul(IntVector.broadcast(INTS, pairs[pair + 6]).reinterpretAsShorts()))
                    .add(second.lanewise(LSHR, 12).mul(IntVector.broadcast(INTS, pairs[pair + 7]).reinterpretAsShorts()));
            sum = sum.add(third.mul(IntVector.broadcast(INTS, pairs[pair + 8]).reinterpretAsShorts()))
                    .add(third.lanewise(LSHR, 4).mul(IntVector.broadcast(INTS, pairs[pair + 9]).reinterpretAsShorts()))
                    .add(third.lanewise(LSHR, 8).mul(IntVector.broadcast(INTS, pairs[pair + 10]).reinterpretAsShorts()))
                    .add(third.lanewise(LSHR, 12).mul(IntVector.broadcast(INTS, pairs[pair + 11]).reinterpretAsShorts()));
            sum = sum.add(fourth.mul(IntVector.broadcast(INTS, pairs[pair + 12]).reinterpretAsShorts()))
                    .add(fourth.lanewise(LSHR, 4).mul(IntVector.broadcast(INTS, pairs[pair + 13]).reinterpretAsShorts()))
                    .add(fourth.lanewise(LSHR, 8).mul(IntVector.broadcast(INTS, pairs[pair + 14]).reinterpretAsShorts()))
                    .add(fourth.lanewise(LSHR, 12).mul(IntVector.broadcast(INTS, pairs[pair + 15]).reinterpretAsShorts()));
            IntVector both = sum.reinterpretAsInts();
            both.lanewise(LSHL, 16).lanewise(ASHR, 16).add(both.lanewise(ASHR, 16)).intoArray(sums, chunk * LANES);
        }
    }

    /** The chains of some rows, from the sums of their chunks to the products; {@code at} is where the token's groups begin. */
    private void chain(Product product, int at, int lane) {
        PreparedLayout layout = product.x.layout();
        int groups = layout.groups();
        addChunks(sums, layout.group() / CHUNK, product.chunks());
        int zero = 0;
        if (product.weights.hasZeros()) {
            subtractZeros(sums, numbers.zeros(), lane, tokenSums, at, groups);
        } else {
            zero = product.weights.zero(0, 0);
        }
        float[] scales = numbers.scales();
        float[] minima = product.weights.hasMinimum() ? numbers.minima() : null;
        int[] groupSums = sums;
        float[] activationScales = tokenScales;
        int[] activationSums = tokenSums;
        FloatVector chain = FloatVector.zero(FLOATS);
        for (int group = 0; group < groups; group++) {
            int sa = activationSums[at + group];
            float da = activationScales[at + group];
            IntVector sum = IntVector.fromArray(INTS, groupSums, group * LANES).sub(zero * sa);
            FloatVector scale = FloatVector.fromArray(FLOATS, scales, group * ROWS + lane).mul(da);
            chain = ((FloatVector) sum.convert(I2F, 0)).fma(scale, chain);
            if (minima != null) {
                FloatVector minimum = FloatVector.fromArray(FLOATS, minima, group * ROWS + lane).mul(da);
                chain = FloatVector.broadcast(FLOATS, sa).fma(minimum, chain);
            }
        }
        chain.intoArray(chains, 0);
    }

    /** Where a group is several chunks, adds their sums: those of group g end up where those of chunk g were. */
    private static void addChunks(int[] sums, int perGroup, int used) {
        for (int group = 0; perGroup > 1 && group * perGroup < used; group++) {
            IntVector sum = IntVector.fromArray(INTS, sums, group * perGroup * LANES);
            for (int chunk = group * perGroup + 1; chunk < Math.min(used, (group + 1) * perGroup); chunk++) {
                sum = sum.add(IntVector.fromArray(INTS, sums, chunk * LANES));
            }
            sum.intoArray(sums, group * LANES);
        }
    }

    private static void subtractZeros(int[] sums, int[] zeros, int lane, int[] tokenSums, int at, int groups) {
        for (int group = 0; group < groups; group++) {
            IntVector zero = IntVector.fromArray(INTS, zeros, group * ROWS + lane).mul(tokenSums[at + group]);
            IntVector.fromArray(INTS, sums, group * LANES).sub(zero).intoArray(sums, group * LANES);
        }
    }

    /** What is multiplied, and where the products go. */
    private record Product(Activations x, InterleavedRows weights, RowRange rows, Output y) {

        /** Chunks of columns, the last of which may not be whole. */
        int chunks() {
            return Math.ceilDiv(x.layout().columns(), CHUNK);
        }

        /** Stores those of the rows that are wanted. */
        void store(float[] products, int token, int row) {
            int from = Math.max(row, rows.first());
            int to = Math.min(row + LANES, rows.end());
            if (from < to) {
                MemorySegment.copy(products, from - row, y.memory(), JAVA_FLOAT_UNALIGNED, y.at(token, from), to - from);
            }
        }
    }
}
