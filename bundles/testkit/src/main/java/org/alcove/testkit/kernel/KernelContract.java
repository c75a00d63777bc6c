package org.alcove.testkit.kernel;

import static org.alcove.testkit.kernel.KernelAssertions.assertSameBits;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.alcove.api.kernel.MatrixShape;
import org.alcove.api.kernel.PackedLayout;
import org.alcove.api.kernel.PackedMatrix;
import org.alcove.api.kernel.QuantizationKernel;
import org.alcove.api.kernel.RowRange;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * What every {@link QuantizationKernel} must keep. Extend it, say which kernel is tried and which one it must equal bit for
 * bit, and run it with JUnit Jupiter:
 *
 * <pre>{@code
 * class FastSymInt4Test extends KernelContract {
 *     protected QuantizationKernel kernel() { return new FastSymInt4(); }
 *     protected QuantizationKernel reference() { return new ReferenceSymInt4(); }
 *     protected double packingError(PackedLayout layout) { return 0.13; }
 * }
 * }</pre>
 *
 * <p>Every test runs over every layout the kernel offers. All buffers have exactly the promised size, so a read or write past
 * an end fails; planes, activations and results lie at odd addresses; scratch memory holds garbage.
 */
public abstract class KernelContract {

    private static final long SEED = 20250817;
    private static final int LARGE = 4096;

    private static final List<MatrixShape> SHAPES = List.of(new MatrixShape(1, 1), new MatrixShape(1, 31), new MatrixShape(31, 1),
            new MatrixShape(32, 31), new MatrixShape(31, 33), new MatrixShape(1, 32), new MatrixShape(33, 32),
            new MatrixShape(9, 256), new MatrixShape(9, 2336), new MatrixShape(3, 4097), new MatrixShape(5, 4352),
            new MatrixShape(2, 8192));
    private static final List<MatrixShape> LARGE_SHAPES = List.of(new MatrixShape(4097, 1), new MatrixShape(4097, 33),
            new MatrixShape(4097, 32));

    /** The kernel that is tried. */
    protected abstract QuantizationKernel kernel();

    /** A kernel of the same format that gives the right bits. */
    protected abstract QuantizationKernel reference();

    /**
     * How far a packed weight may lie from the original, as a share of the largest absolute value in its group. Where the
     * kernel only multiplies, {@link Double#NaN}; then {@link #matrix} must be overridden.
     */
    protected abstract double packingError(PackedLayout layout);

    /** Whether the layout can hold a matrix of that shape. By default blocks must be full, and other planes need not. */
    protected boolean accepts(PackedLayout layout, MatrixShape shape) {
        var first = layout.planes().getFirst();
        return !first.name().equals("blocks") || shape.columns() % first.blockColumns() == 0;
    }

    /** A matrix to multiply by, in memory of the arena. By default the reference packs random values. */
    protected PackedMatrix matrix(Arena arena, PackedLayout layout, MatrixShape shape, RandomGenerator random) {
        return new KernelRun(reference()).pack(arena, TestMatrix.random(shape, random), layout);
    }

    @Test
    void aKernelOffersALayoutThatItsReferenceKnows() {
        assertTrue(kernel().layouts().stream().anyMatch(reference().layouts()::contains), "no layout in common");
    }

    @TestFactory
    Stream<DynamicTest> productsHaveTheBitsOfTheReferenceForEveryShapeAndBatch() {
        return perLayout(layout -> shapes(layout, SHAPES, shape -> withMatrix(layout, shape, pair -> {
            for (int tokens : shape.size() > LARGE ? List.of(1, 3) : List.of(1, 2, 3, 4, 5, 6, 7, 9, 64)) {
                compare(pair, tokens, activations(tokens, shape.columns()));
            }
        })));
    }

    @TestFactory
    Stream<DynamicTest> productsHaveTheBitsOfTheReferenceForManyRows() {
        return perLayout(layout -> shapes(layout, LARGE_SHAPES, shape -> withMatrix(layout, shape,
                pair -> compare(pair, 2, activations(2, shape.columns())))));
    }

    /** Rows longer than any slice of them, last groups that are short, and more tokens than meet codes at once. */
    @TestFactory
    Stream<DynamicTest> productsHaveTheBitsOfTheReferenceForLongRowsAndManyTokens() {
        List<MatrixShape> shapes = List.of(new MatrixShape(37, 1184), new MatrixShape(17, 100));
        return perLayout(layout -> shapes(layout, shapes, shape -> withMatrix(layout, shape,
                pair -> compare(pair, 37, activations(37, shape.columns())))));
    }

    @TestFactory
    Stream<DynamicTest> extremeActivationsGiveTheBitsOfTheReference() {
        float[] extremes = {0, -0f, Float.MIN_VALUE, Float.MIN_NORMAL, 0x1p-119f, 0x1p-118f, -0x1.8p-118f, 1e-20f, 1, -1,
            Float.MAX_VALUE, -Float.MAX_VALUE, Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY};
        return perLayout(layout -> shapes(layout, SHAPES.subList(3, 8), shape -> List.of(new Random(SEED), new LargestWeights())
                .forEach(random -> withMatrix(layout, shape, random, pair -> {
            for (float extreme : extremes) {
                float[] alone = new float[2 * shape.columns()];
                Arrays.fill(alone, extreme);
                compare(pair, 2, alone);
                float[] among = activations(2, shape.columns());
                among[shape.columns() - 1] = extreme;
                among[shape.columns()] = extreme;
                compare(pair, 2, among);
            }
        }))));
    }

    @TestFactory
    Stream<DynamicTest> zeroActivationsGiveZeros() {
        return perLayout(layout -> withMatrix(layout, first(layout), pair -> {
            int columns = first(layout).columns();
            float[] y = run().product(new float[2 * columns], 2, pair.matrix, false);
            for (float value : y) {
                assertTrue(value == 0, () -> "0 expected, not " + value);
            }
        }));
    }

    @TestFactory
    Stream<DynamicTest> productsAreThoseOfTheUnpackedWeightsSaveForTheRoundingOfActivations() {
        return perLayout(layout -> withMatrix(layout, first(layout), pair -> {
            MatrixShape shape = pair.matrix.shape();
            float[] x = activations(3, shape.columns());
            float[] w = run().unpack(pair.matrix, RowRange.all(shape));
            float[] y = run().product(x, 3, pair.matrix, false);
            KernelAssertions.assertNear(x, w, shape, y);
        }));
    }

    @TestFactory
    Stream<DynamicTest> aBatchEqualsItsTokensOneByOne() {
        return perLayout(layout -> withMatrix(layout, first(layout), pair -> {
            int rows = pair.matrix.shape().rows();
            int columns = pair.matrix.shape().columns();
            float[] x = activations(7, columns);
            float[] batch = run().product(x, 7, pair.matrix, false);
            for (int token = 0; token < 7; token++) {
                float[] alone = run().product(Arrays.copyOfRange(x, token * columns, (token + 1) * columns), 1,
                        pair.matrix, false);
                assertSameBits(Arrays.copyOfRange(batch, token * rows, (token + 1) * rows), alone, "token " + token);
            }
        }));
    }

    @TestFactory
    Stream<DynamicTest> tokensPreparedApartAreThoseOfTheBatchAndNoOthersAreTouched() {
        assumeTrue(kernel().preparesApart(), "the kernel prepares all tokens of a batch together");
        return perLayout(layout -> withMatrix(layout, first(layout), pair -> run().preparedApart(
                activations(7, first(layout).columns()), pair.matrix)));
    }

    @TestFactory
    Stream<DynamicTest> alignmentOfActivationsChangesNothing() {
        return perLayout(layout -> withMatrix(layout, first(layout), pair -> {
            float[] x = activations(3, pair.matrix.shape().columns());
            assertSameBits(run().product(x, 3, pair.matrix, true), run().product(x, 3, pair.matrix, false), "misaligned");
        }));
    }

    @TestFactory
    Stream<DynamicTest> aRowRangeGivesTheRowsOfTheWholeAndWritesNoOthers() {
        return perLayout(layout -> withMatrix(layout, first(layout), pair -> RowRangeContract.ranges(run(), pair.matrix)));
    }

    @TestFactory
    Stream<DynamicTest> manyThreadsOverRowRangesGiveTheWhole() {
        return perLayout(layout -> withMatrix(layout, first(layout), pair -> RowRangeContract.threads(run(), pair.matrix)));
    }

    @TestFactory
    Stream<DynamicTest> nothingOutsideTheBuffersIsTouched() {
        assumeTrue(GuardPageContract.supported(), "guard pages are known on 64-bit x86 Linux only");
        return perLayout(layout -> shapes(layout, SHAPES.subList(0, 9), shape -> withMatrix(layout, shape, pair -> {
            for (int tokens : List.of(1, 2, 7)) {
                float[] x = activations(tokens, shape.columns());
                new GuardPageContract(kernel()).run(pair.matrix, x, tokens, run().product(x, tokens, pair.matrix, false));
            }
        })));
    }

    @TestFactory
    Stream<DynamicTest> unpackedRowsHaveTheBitsOfTheReference() {
        return perLayout(layout -> shapes(layout, SHAPES, shape -> withMatrix(layout, shape, pair -> {
            float[] whole = run().unpack(pair.matrix, RowRange.all(shape));
            assertSameBits(new KernelRun(reference()).unpack(pair.known, RowRange.all(shape)), whole, "unpack " + shape);
            RowRange part = new RowRange(shape.rows() / 3, shape.rows());
            int columns = shape.columns();
            assertSameBits(Arrays.copyOfRange(whole, part.first() * columns, part.end() * columns),
                    run().unpack(pair.matrix, part), "unpack " + part);
        })));
    }

    @TestFactory
    Stream<DynamicTest> packingKeepsItsErrorBound() {
        return perLayout(layout -> packing(layout).errorBound(shapesOf(layout)));
    }

    @TestFactory
    Stream<DynamicTest> packedBytesAreThoseOfTheReference() {
        return perLayout(layout -> packing(layout).bytes(shapesOf(layout), reference()));
    }

    @TestFactory
    Stream<DynamicTest> weightsThatAreZeroOrTinyStayFiniteAndWithinTheirSize() {
        return perLayout(layout -> packing(layout).tiny(first(layout)));
    }

    @TestFactory
    Stream<DynamicTest> theLargestWeightsArePackedOrRefusedNamingTheRow() {
        return perLayout(layout -> packing(layout).largest(first(layout)));
    }

    @TestFactory
    Stream<DynamicTest> infiniteWeightsAreRefusedNamingRowAndColumn() {
        return perLayout(layout -> packing(layout).infinite(first(layout)));
    }

    @TestFactory
    Stream<DynamicTest> repackingIsExactOrRefused() {
        return perLayout(layout -> withMatrix(layout, first(layout), pair -> {
            for (PackedLayout other : kernel().layouts()) {
                if (other.groupSize() == layout.groupSize() && accepts(other, pair.matrix.shape())) {
                    PackingContract.roundTrip(run(), pair.matrix, other);
                }
            }
        }));
    }

    private PackingContract packing(PackedLayout layout) {
        return new PackingContract(run(), layout, packingError(layout));
    }

    private void compare(Pair pair, int tokens, float[] x) {
        float[] expected = new KernelRun(reference()).product(x, tokens, pair.known, false);
        assertSameBits(expected, run().product(x, tokens, pair.matrix, false), tokens + " tokens, " + pair.matrix.shape());
    }

    private KernelRun run() {
        return new KernelRun(kernel());
    }

    private Stream<DynamicTest> perLayout(Consumer<PackedLayout> test) {
        assertFalse(kernel().layouts().isEmpty());
        return kernel().layouts().stream().map(layout -> DynamicTest.dynamicTest(layout.name() + " group "
                + (layout.groupSize() == PackedLayout.CHANNEL ? "channel" : layout.groupSize()), () -> test.accept(layout)));
    }

    private void shapes(PackedLayout layout, List<MatrixShape> shapes, Consumer<MatrixShape> test) {
        shapes.stream().filter(shape -> accepts(layout, shape)).forEach(test);
    }

    private List<MatrixShape> shapesOf(PackedLayout layout) {
        return SHAPES.stream().filter(shape -> accepts(layout, shape)).toList();
    }

    /** A shape the layout accepts, preferably one with ragged ends. */
    private MatrixShape first(PackedLayout layout) {
        MatrixShape ragged = new MatrixShape(19, 333);
        return accepts(layout, ragged) ? ragged : new MatrixShape(19, 2 * 256);
    }

    private static float[] activations(int tokens, int columns) {
        Random random = new Random(SEED + columns);
        return TestMatrix.of(new MatrixShape(tokens, columns), () -> random.nextGaussian() * 3).values();
    }

    /** Hands the test a matrix, and the same in a layout that the reference knows. */
    private void withMatrix(PackedLayout layout, MatrixShape shape, Consumer<Pair> test) {
        withMatrix(layout, shape, new Random(SEED), test);
    }

    private void withMatrix(PackedLayout layout, MatrixShape shape, RandomGenerator random, Consumer<Pair> test) {
        try (Arena arena = Arena.ofShared()) {
            if (reference().layouts().contains(layout)) {
                PackedMatrix matrix = matrix(arena, layout, shape, random);
                test.accept(new Pair(matrix, matrix));
            } else {
                PackedLayout known = kernel().layouts().stream().filter(reference().layouts()::contains)
                        .filter(other -> other.groupSize() == layout.groupSize()).findFirst().orElseThrow();
                PackedMatrix matrix = matrix(arena, known, shape, random);
                test.accept(new Pair(run().repack(arena, matrix, layout), matrix));
            }
        }
    }

    private record Pair(PackedMatrix matrix, PackedMatrix known) {
    }
}
