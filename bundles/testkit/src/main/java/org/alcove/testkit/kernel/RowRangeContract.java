package org.alcove.testkit.kernel;

import static org.alcove.testkit.kernel.KernelAssertions.assertSameBits;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.alcove.api.kernel.MatrixShape;
import org.alcove.api.kernel.PackedMatrix;
import org.alcove.api.kernel.RowRange;

/** Callers split the rows of a product over threads: any split gives the whole, and no call touches another's rows. */
final class RowRangeContract {

    private static final int TOKENS = 3;
    private static final int THREADS = 4;
    private static final int ROUNDS = 8;

    private RowRangeContract() {
    }

    static void ranges(KernelRun run, PackedMatrix matrix) {
        int rows = matrix.shape().rows();
        float[] x = activations(matrix);
        float[] whole = run.product(x, TOKENS, matrix, false);
        List<RowRange> ranges = List.of(new RowRange(0, 0), new RowRange(0, 1), new RowRange(1, 9), new RowRange(3, 11),
                new RowRange(rows - 1, rows), new RowRange(5, rows), new RowRange(rows, rows));
        for (RowRange range : ranges) {
            try (Arena arena = Arena.ofConfined()) {
                GuardedMemory prepared = run.prepare(arena, x, TOKENS, matrix, false);
                GuardedMemory y = GuardedMemory.misaligned(arena, 4L * TOKENS * rows);
                int untouched = y.inside().get(ValueLayout.JAVA_INT_UNALIGNED, 0);
                run.multiply(prepared.inside(), TOKENS, matrix, range, y.inside());
                y.check("multiply " + range);
                for (int i = 0; i < TOKENS * rows; i++) {
                    boolean mine = i % rows >= range.first() && i % rows < range.end();
                    int expected = mine ? Float.floatToIntBits(whole[i]) : untouched;
                    assertEquals(expected, y.inside().getAtIndex(ValueLayout.JAVA_INT_UNALIGNED, i),
                            range + ": token " + i / rows + ", row " + i % rows);
                }
            }
        }
    }

    static void threads(KernelRun run, PackedMatrix matrix) {
        MatrixShape shape = matrix.shape();
        float[] x = activations(matrix);
        float[] whole = run.product(x, TOKENS, matrix, false);
        try (Arena arena = Arena.ofShared(); var threads = Executors.newFixedThreadPool(THREADS)) {
            MemorySegment prepared = run.prepare(arena, x, TOKENS, matrix, false).inside();
            for (int round = 0; round < ROUNDS; round++) {
                GuardedMemory y = GuardedMemory.misaligned(arena, 4L * TOKENS * shape.rows());
                List<Future<?>> parts = new ArrayList<>();
                int step = 1 + round;
                for (int row = 0; row < shape.rows(); row += step) {
                    RowRange range = new RowRange(row, Math.min(row + step, shape.rows()));
                    parts.add(threads.submit(() -> run.multiply(prepared, TOKENS, matrix, range, y.inside())));
                }
                await(parts);
                assertSameBits(whole, y.inside().toArray(ValueLayout.JAVA_FLOAT_UNALIGNED), step + " rows a call");
            }
        }
    }

    private static void await(List<Future<?>> parts) {
        for (Future<?> part : parts) {
            try {
                part.get();
            } catch (ExecutionException e) {
                throw new AssertionError("a call failed on a thread of its own", e.getCause());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError("interrupted", e);
            }
        }
    }

    private static float[] activations(PackedMatrix matrix) {
        Random random = new Random(1);
        return TestMatrix.of(new MatrixShape(TOKENS, matrix.shape().columns()), random::nextGaussian).values();
    }
}
