package org.alcove.kernel.integer;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.alcove.api.kernel.RowRange;

/**
 * The same bits from rows side by side ({@link InterleavedRows}), in the widest vectors of the processor: a lane is a row, from
 * the codes to the product.
 *
 * <p>A lane of 32 bits holds four bytes of a row, two codes each. Taken as two lanes of 16 bits, a shift and a mask leave one
 * code in each, to be multiplied by a pair of activations that is the same for all rows. Sixteen products of 15 * 127 at most
 * add up to 30480, which 16 bits hold; then a chunk is done, and the two lanes of a row are added.
 *
 * <p>Two panels are met together, by up to {@value #TOKENS} tokens while they are in the caches. The steps are flat loops that
 * hand their vectors on through arrays. Arrays, because after a store into a memory segment C2 looks anew whether all segments
 * are alive; and no loop has more than a handful of products, because it stops inlining where more come together.
 */
final class VectorPanels {

    private static final int TOKENS = 8;
    private static final int ROWS = InterleavedRows.ROWS;
    private static final int CHUNK = InterleavedRows.CHUNK;
    /** Chunks whose products are added up before those of the next begin. */
    private static final int SLICE = 32;
    /** Quads of a chunk, and pairs of activations that meet each. */
    private static final int FOUR = 4;
    private static final int QUAD_BYTES = FOUR * ROWS;
    private static final int PAIRS = FOUR * FOUR;
    private static final short NIBBLE = 15;

    private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;
    private static final VectorSpecies<Integer> EIGHT = IntVector.SPECIES_256;
    /** A lane for each row of a panel, or of half of one. */
    private static final VectorSpecies<Integer> INTS =
            IntVector.SPECIES_PREFERRED.length() >= ROWS ? IntVector.SPECIES_512 : EIGHT;
    private static final VectorSpecies<Float> FLOATS = INTS.withLanes(float.class);
    private static final VectorSpecies<Short> SHORTS = INTS.withLanes(short.class);
    private static final int LANES = INTS.length();
    /** Sums of one quad, of both panels. */
    private static final int QUAD_SUMS = 2 * SHORTS.length();
    /** What pairs of even and of odd bytes, four low halves and four high ones each, leave for each quad. */
    private static final IntVector FIRST = IntVector.fromArray(EIGHT, new int[] {0, 4, 8, 12, 1, 5, 9, 13}, 0);
    private static final IntVector SECOND = IntVector.fromArray(EIGHT, new int[] {2, 6, 10, 14, 3, 7, 11, 15}, 0);

    private final int chunks;
    /** For each token, chunk, quad and code {@code n} of the four in 16 bits: two activations. */
    private final int[] pairs;
    /** For each token and group, as {@link PreparedLayout} has them: brought here, because reading segments is not inlined. */
    private final float[] tokenScales;
    private final int[] tokenSums;
    /** Sums of products of each quad of a slice: two for each row of the first panel, then of the second. */
    private final short[] quads = new short[SLICE * FOUR * QUAD_SUMS];
    /** Of each chunk, then of each group, a row per lane; for each of the two panels, as the numbers. */
    private final int[][] sums;
    private final PanelNumbers[] numbers;
    private final float[] chains = new float[LANES];

    /** Room for products with matrices of that many columns. */
    VectorPanels(int columns) {
        this.chunks = Math.ceilDiv(columns, CHUNK);
        this.pairs = new int[TOKENS * chunks * PAIRS];
        this.tokenScales = new float[TOKENS * chunks];
        this.tokenSums = new int[TOKENS * chunks];
        this.sums = new int[2][chunks * LANES];
        this.numbers = new PanelNumbers[] {new PanelNumbers(chunks), new PanelNumbers(chunks)};
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
            for (int row = rows.first() / ROWS * ROWS; row < rows.end(); row += 2 * ROWS) {
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

    /** Products of up to eight tokens and two panels. */
    private void multiply(Product product, int firstToken, int endToken, int row) {
        InterleavedRows weights = product.weights;
        int groups = product.x.layout().groups();
        int used = product.chunks();
        numbers[0].read(weights, row, groups);
        boolean two = row + ROWS < product.rows.end();
        if (two) {
            numbers[1].read(weights, row + ROWS, groups);
        }
        for (int lane = 0; lane < ROWS; lane += LANES) {
            MemorySegment codes = weights.panel(0, row + lane);
            MemorySegment others = two ? weights.panel(0, row + ROWS + lane) : codes;
            for (int token = firstToken; token < endToken; token++) {
                sums(codes, others, (token - firstToken) * used * PAIRS, used);
                for (int panel = 0; panel < (two ? 2 : 1); panel++) {
                    chain(product, (token - firstToken) * groups, panel, lane);
                    product.store(chains, token, row + panel * ROWS + lane);
                }
            }
        }
    }

    /** Puts activations of one token side by side as the codes that they meet are. */
    private static void pair(MemorySegment codes, int chunks, int[] pairs, int at) {
        for (int chunk = 0; chunk < chunks; chunk++) {
            IntVector bytes = IntVector.fromMemorySegment(EIGHT, codes, (long) chunk * CHUNK, ORDER);
            IntVector even = even(bytes);
            IntVector odd = even(bytes.lanewise(VectorOperators.LSHR, 8));
            FIRST.selectFrom(even, odd).intoArray(pairs, at + chunk * PAIRS);
            SECOND.selectFrom(even, odd).intoArray(pairs, at + chunk * PAIRS + PAIRS / 2);
        }
    }

    /** Bytes 0 and 2 of each lane, widened to 16 bits each. */
    private static IntVector even(IntVector bytes) {
        IntVector low = bytes.lanewise(VectorOperators.LSHL, 24).lanewise(VectorOperators.ASHR, 24).and(0xffff);
        IntVector high = bytes.lanewise(VectorOperators.LSHL, 8).lanewise(VectorOperators.ASHR, 24);
        return high.lanewise(VectorOperators.LSHL, 16).or(low);
    }

    private void sums(MemorySegment codes, MemorySegment others, int at, int used) {
        for (int chunk = 0; chunk < used; chunk += SLICE) {
            int size = Math.min(SLICE, used - chunk);
            long from = (long) FOUR * chunk * QUAD_BYTES;
            products(pairs, at + chunk * PAIRS, codes.asSlice(from), others.asSlice(from), FOUR * size, quads);
            sums(quads, 0, size, sums[0], chunk * LANES);
            sums(quads, SHORTS.length(), size, sums[1], chunk * LANES);
        }
    }

    /** Products of four bytes of each row, which are eight codes: two sums of four. */
    private static void products(int[] pairs, int at, MemorySegment codes, MemorySegment others, int quads, short[] sums) {
        for (int quad = 0; quad < quads; quad++) {
            ShortVector first = both(pairs[at + quad * FOUR]);
            ShortVector second = both(pairs[at + quad * FOUR + 1]);
            ShortVector third = both(pairs[at + quad * FOUR + 2]);
            ShortVector fourth = both(pairs[at + quad * FOUR + 3]);
            products(ShortVector.fromMemorySegment(SHORTS, codes, (long) quad * QUAD_BYTES, ORDER), first, second, third, fourth)
                    .intoArray(sums, quad * QUAD_SUMS);
            products(ShortVector.fromMemorySegment(SHORTS, others, (long) quad * QUAD_BYTES, ORDER), first, second, third, fourth)
                    .intoArray(sums, quad * QUAD_SUMS + SHORTS.length());
        }
    }

    private static ShortVector products(ShortVector four, ShortVector first, ShortVector second, ShortVector third,
            ShortVector fourth) {
        return four.and(NIBBLE).mul(first)
                .add(four.lanewise(VectorOperators.LSHR, 4).and(NIBBLE).mul(second))
                .add(four.lanewise(VectorOperators.LSHR, 8).and(NIBBLE).mul(third))
                .add(four.lanewise(VectorOperators.LSHR, 12).mul(fourth));
    }

    private static ShortVector both(int pair) {
        return IntVector.broadcast(INTS, pair).reinterpretAsShorts();
    }

    /** Adds those of the quads of each chunk, and the two of each row. */
    private static void sums(short[] quads, int first, int chunks, int[] sums, int at) {
        for (int chunk = 0; chunk < chunks; chunk++) {
            int from = first + chunk * FOUR * QUAD_SUMS;
            IntVector both = ShortVector.fromArray(SHORTS, quads, from)
                    .add(ShortVector.fromArray(SHORTS, quads, from + QUAD_SUMS))
                    .add(ShortVector.fromArray(SHORTS, quads, from + 2 * QUAD_SUMS))
                    .add(ShortVector.fromArray(SHORTS, quads, from + 3 * QUAD_SUMS)).reinterpretAsInts();
            both.lanewise(VectorOperators.LSHL, 16).lanewise(VectorOperators.ASHR, 16)
                    .add(both.lanewise(VectorOperators.ASHR, 16)).intoArray(sums, at + chunk * LANES);
        }
    }

    /** The chains of some rows, from the sums of their chunks to the products; {@code at} is where the token's groups begin. */
    private void chain(Product product, int at, int panel, int lane) {
        PreparedLayout layout = product.x.layout();
        int groups = layout.groups();
        int[] panelSums = sums[panel];
        addChunks(panelSums, layout.group() / CHUNK, product.chunks());
        int zero = 0;
        if (product.weights.hasZeros()) {
            subtractZeros(panelSums, numbers[panel].zeros(), lane, tokenSums, at, groups);
        } else {
            zero = product.weights.zero(0, 0);
        }
        float[] scales = numbers[panel].scales();
        float[] minima = product.weights.hasMinimum() ? numbers[panel].minima() : null;
        float[] activationScales = tokenScales;
        int[] activationSums = tokenSums;
        FloatVector chain = FloatVector.zero(FLOATS);
        for (int group = 0; group < groups; group++) {
            int sa = activationSums[at + group];
            float da = activationScales[at + group];
            IntVector sum = IntVector.fromArray(INTS, panelSums, group * LANES).sub(zero * sa);
            FloatVector scale = FloatVector.fromArray(FLOATS, scales, group * ROWS + lane).mul(da);
            chain = ((FloatVector) sum.convert(VectorOperators.I2F, 0)).fma(scale, chain);
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
