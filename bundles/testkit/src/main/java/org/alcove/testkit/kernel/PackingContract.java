package org.alcove.testkit.kernel;

import static org.alcove.testkit.kernel.KernelAssertions.assertSameBits;
import static org.alcove.testkit.kernel.KernelAssertions.assertSameBytes;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.foreign.Arena;
import java.util.List;
import java.util.Random;
import org.alcove.api.kernel.MatrixShape;
import org.alcove.api.kernel.PackedLayout;
import org.alcove.api.kernel.PackedMatrix;
import org.alcove.api.kernel.QuantizationKernel;
import org.alcove.api.kernel.RowRange;

/**
 * What packing into one layout must keep.
 *
 * @param run the kernel
 * @param layout the layout
 * @param error largest error as a share of the largest absolute value of the group; not a number where nothing is packed
 */
record PackingContract(KernelRun run, PackedLayout layout, double error) {

    PackingContract {
        assumeFalse(Double.isNaN(error), "this kernel only multiplies");
    }

    void errorBound(List<MatrixShape> shapes) {
        for (MatrixShape shape : shapes) {
            try (Arena arena = Arena.ofConfined()) {
                TestMatrix source = TestMatrix.random(shape, new Random(shape.columns()));
                float[] unpacked = run.unpack(run.pack(arena, source, layout), RowRange.all(shape));
                int group = layout.groupColumns(shape.columns());
                for (int row = 0; row < shape.rows(); row++) {
                    for (int first = 0; first < shape.columns(); first += group) {
                        assertGroup(source, unpacked, row, first, Math.min(first + group, shape.columns()));
                    }
                }
            }
        }
    }

    private void assertGroup(TestMatrix source, float[] unpacked, int row, int first, int end) {
        double largest = 0;
        for (int column = first; column < end; column++) {
            largest = Math.max(largest, Math.abs(source.at(row, column)));
        }
        double bound = error * largest;
        for (int column = first; column < end; column++) {
            double difference = Math.abs(source.at(row, column) - unpacked[row * source.shape().columns() + column]);
            if (!(difference <= bound)) {
                fail("row " + row + ", column " + column + ": off by " + difference + ", more than " + bound);
            }
        }
    }

    void bytes(List<MatrixShape> shapes, QuantizationKernel reference) {
        assumeTrue(reference.layouts().contains(layout), "the reference does not know this layout");
        for (MatrixShape shape : shapes) {
            try (Arena arena = Arena.ofConfined()) {
                TestMatrix source = TestMatrix.random(shape, new Random(shape.columns()));
                assertSameBytes(new KernelRun(reference).pack(arena, source, layout), run.pack(arena, source, layout),
                        shape.toString());
            }
        }
    }

    void tiny(MatrixShape shape) {
        for (float size : new float[] {0, -0f, Float.MIN_VALUE, 1e-43f, Float.MIN_NORMAL, 1e-30f, 1e-8f, 1e-6f}) {
            try (Arena arena = Arena.ofConfined()) {
                Random random = new Random(3);
                TestMatrix source = TestMatrix.of(shape, () -> random.nextInt(-1, 2) * size);
                for (float value : run.unpack(run.pack(arena, source, layout), RowRange.all(shape))) {
                    assertTrue(Math.abs(value) <= 4 * size, () -> "weights of 0 and " + size + " unpack to " + value);
                }
            }
        }
    }

    void largest(MatrixShape shape) {
        for (float size : new float[] {1e5f, 1e20f, Float.MAX_VALUE}) {
            try (Arena arena = Arena.ofConfined()) {
                Random random = new Random(4);
                TestMatrix source = TestMatrix.random(shape, random).with(2, 3, size).with(2, 4, -size);
                float[] unpacked = run.unpack(run.pack(arena, source, layout), RowRange.all(shape));
                for (float value : unpacked) {
                    assertTrue(Float.isFinite(value), () -> "a weight of " + size + " unpacks to " + value);
                }
            } catch (IllegalArgumentException refused) {
                assertTrue(refused.getMessage().contains("row 2"), refused::getMessage);
            }
        }
    }

    void infinite(MatrixShape shape) {
        for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
            try (Arena arena = Arena.ofConfined()) {
                TestMatrix source = TestMatrix.random(shape, new Random(5)).with(7, 5, bad);
                var refused = assertThrows(IllegalArgumentException.class, () -> run.pack(arena, source, layout));
                assertTrue(refused.getMessage().contains("row 7") && refused.getMessage().contains("column 5"),
                        refused::getMessage);
            }
        }
    }

    /** To the other layout and back: the same numbers there, the same bytes back here; or refused. */
    static void roundTrip(KernelRun run, PackedMatrix matrix, PackedLayout other) {
        try (Arena arena = Arena.ofConfined()) {
            PackedMatrix there;
            try {
                there = run.repack(arena, matrix, other);
            } catch (IllegalArgumentException refused) {
                return;
            }
            RowRange all = RowRange.all(matrix.shape());
            assertSameBits(run.unpack(matrix, all), run.unpack(there, all), "as " + other.name());
            assertSameBytes(matrix, run.repack(arena, there, matrix.layout()), "and back from " + other.name());
        }
    }
}
