package org.alcove.engine.numeric;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;

/** Vectors give the bits of plain Java. */
class ArithmeticTest {

    private static final int[] COUNTS = {1, 3, 15, 16, 17, 31, 32, 33, 100, 257};
    private final Random random = new Random(11);
    private final Arena arena = Arena.ofAuto();

    private MemorySegment floats(int count, double spread) {
        MemorySegment memory = arena.allocate(4L * count, 64);
        for (int i = 0; i < count; i++) {
            memory.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) (spread * random.nextGaussian()));
        }
        return memory;
    }

    private static float[] array(MemorySegment memory) {
        return memory.toArray(ValueLayout.JAVA_FLOAT);
    }

    private static void same(MemorySegment input, BiFunction<Arithmetic, MemorySegment, float[]> operation) {
        MemorySegment copy = Arena.ofAuto().allocate(input.byteSize(), 64).copyFrom(input);
        float[] plain = operation.apply(new PlainArithmetic(), input);
        assertArrayEquals(plain, operation.apply(new VectorArithmetic(), copy));
    }

    @Test
    void vectorsAreUsedWhereTheyAreThere() {
        assertInstanceOf(VectorArithmetic.class, Arithmetic.best());
    }

    @Test
    void everyOperationGivesTheSameBits() {
        for (int count : COUNTS) {
            MemorySegment weights = floats(count, 1);
            MemorySegment other = floats(count, 3);
            same(floats(count, 2), (a, x) -> {
                a.normalize(x, x, 0, count, weights, 1e-5f);
                return array(x);
            });
            same(floats(count, 2), (a, x) -> {
                a.add(x, 0, other, 0, count);
                return array(x);
            });
            same(floats(count, 20), (a, x) -> {
                a.gate(x, other, 0, count);
                return array(x);
            });
            same(floats(count, 60), (a, x) -> {
                a.exponentials(x, x, count, 1.5f, 0.7f);
                return array(x);
            });
            same(floats(count, 60), (a, x) -> new float[] {a.max(x, count)});
        }
    }

    @Test
    void attentionGivesTheSameBits() {
        for (int size : new int[] {2, 8, 16, 40, 64, 80, 128}) {
            MemorySegment query = floats(size, 1);
            MemorySegment block = floats(2 * size * Tile.KEYS, 1);
            for (int[] bounds : new int[][] {{0, 64}, {0, 1}, {63, 64}, {5, 38}}) {
                float[] plain = attend(new PlainArithmetic(), query, block, size, bounds);
                assertArrayEquals(plain, attend(new VectorArithmetic(), query, block, size, bounds), size + " columns");
            }
        }
    }

    private float[] attend(Arithmetic arithmetic, MemorySegment query, MemorySegment block, int size, int... bounds) {
        Tile tile = new Tile(arena, size);
        MemorySegment result = arena.allocate(4L * size + 8, 64);
        tile.query(query, 0);
        tile.keys(block, 0, (long) size * Tile.KEYS);
        tile.bounds(bounds[0], bounds[1]);
        float max = arithmetic.scores(tile);
        float sum = arithmetic.weigh(tile, max);
        arithmetic.values(tile);
        tile.begin();
        arithmetic.merge(tile, 0.7f, 0.3f);
        tile.finish(sum, result, 0);
        result.setAtIndex(ValueLayout.JAVA_FLOAT, size, max);
        result.setAtIndex(ValueLayout.JAVA_FLOAT, size + 1, sum);
        return array(result);
    }

    @Test
    void theExponentialIsGoodToTwoUnitsInTheLastPlace() {
        for (int i = 0; i < 200_000; i++) {
            float x = -87 + 175 * random.nextFloat();
            double exact = Math.exp(x);
            assertEquals(exact, Exponential.of(x), 2 * Math.ulp((float) exact), () -> "exp(" + x + ")");
        }
    }

    @Test
    void theExponentialIsDefinedEverywhere() {
        assertEquals(1, Exponential.of(0));
        assertEquals(1, Exponential.of(-0f));
        assertEquals(0, Exponential.of(Float.NEGATIVE_INFINITY));
        assertEquals(0, Exponential.of(-87.1f));
        assertTrue(Exponential.of(-87) >= Float.MIN_NORMAL);
        assertTrue(Float.isFinite(Exponential.of(Float.POSITIVE_INFINITY)));
        assertTrue(Float.isNaN(Exponential.of(Float.NaN)));
        MemorySegment special = arena.allocate(64 * 4, 64);
        float[] values = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, 0f, -0f, -87, 88, 89, -88};
        MemorySegment.copy(values, 0, special, ValueLayout.JAVA_FLOAT, 0, values.length);
        same(special, (a, x) -> {
            a.exponentials(x, x, 64, 0, 1);
            return array(x);
        });
    }

    @Test
    void aSingleInfinityIsFound() {
        for (Arithmetic arithmetic : new Arithmetic[] {new PlainArithmetic(), new VectorArithmetic()}) {
            for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
                for (int at = 0; at < 37; at++) {
                    MemorySegment values = floats(37, 1);
                    assertTrue(arithmetic.isFinite(values, 37));
                    values.setAtIndex(ValueLayout.JAVA_FLOAT, at, bad);
                    assertFalse(arithmetic.isFinite(values, 37));
                }
            }
        }
    }
}
