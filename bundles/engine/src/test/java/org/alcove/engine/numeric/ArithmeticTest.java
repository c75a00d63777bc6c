package org.alcove.engine.numeric;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Random;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** Every implementation gives the bits of plain Java. */
class ArithmeticTest {

    private static final List<Arithmetic> FAST = Tiers.fast();
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

    /** What an operation makes of memory that it may change. */
    private void same(MemorySegment input, BiFunction<Arithmetic, MemorySegment, float[]> operation) {
        MemorySegment copy = arena.allocate(input.byteSize(), 64).copyFrom(input);
        float[] plain = operation.apply(new PlainArithmetic(), copy);
        for (Arithmetic arithmetic : FAST) {
            copy.copyFrom(input);
            assertArrayEquals(plain, operation.apply(arithmetic, copy), arithmetic.toString());
        }
    }

    @Test
    void theQuickestOfWhatIsThereIsChosen() {
        assertEquals("plain", new Arithmetics().current().toString());
        try (Arithmetics arithmetics = Tiers.best()) {
            assertEquals(FAST.getLast().toString(), arithmetics.current().toString());
            arithmetics.remove("cpu.fma");
            assertEquals("vector", arithmetics.current().toString());
            arithmetics.remove(Arithmetics.VECTOR);
            assertEquals("plain", arithmetics.current().toString());
            arithmetics.add("cpu.fma");
            assertEquals(FAST.size() > 1, arithmetics.current() instanceof NativeArithmetic);
        }
    }

    @Test
    void aLibraryIsUnmappedWhenTheLastOneThatHoldsItHasLetGo() {
        Arithmetics arithmetics = Tiers.best();
        Arithmetic held = arithmetics.hold();
        Assumptions.assumeTrue(held instanceof NativeArithmetic, "NOT TESTED: no native tier runs here");
        assertSame(held, arithmetics.hold());
        arithmetics.close();
        assertFalse(arithmetics.hold() instanceof NativeArithmetic, "who comes later gets another");
        MemorySegment values = floats(5, 1);
        for (int holders = 2; holders > 0; holders--) {
            assertTrue(held.isFinite(values, 5));
            arithmetics.release(held);
        }
        assertThrows(IllegalStateException.class, () -> held.isFinite(values, 5));
    }

    @Test
    void everyOperationGivesTheSameBits() {
        for (int count = 1; count <= 130; count++) {
            every(count, 1);
        }
        every(257, 1);
        every(2048, 1);
        every(33, 1e18);
        every(33, 1e-22);
    }

    private void every(int count, double spread) {
        MemorySegment weights = floats(count, spread);
        MemorySegment other = floats(3 * count, 3 * spread);
        same(floats(3 * count, 2 * spread), (a, x) -> {
            a.normalize(x, x, 1, 2, weights, 1e-5f);
            return array(x);
        });
        same(floats(3 * count, 2 * spread), (a, x) -> {
            a.add(x, other, count, count);
            return array(x);
        });
        same(floats(3 * count, 2 * spread), (a, x) -> {
            a.addRow(x, 1, 2, weights);
            return array(x);
        });
        same(floats(3 * count, 20 * spread), (a, x) -> {
            a.gate(x, other, 1, 3 * count - 1);
            return array(x);
        });
        same(floats(count, 60 * spread), (a, x) -> {
            a.exponentials(x, x, count, 1.5f, 0.7f);
            return array(x);
        });
        same(floats(count, 60 * spread), (a, x) -> new float[] {a.max(x, count)});
        if (count % 2 == 0) {
            for (int pairs = Math.max(1, count / 2 - 3); pairs <= count / 2; pairs++) {
                Rotation halves = new Rotation(floats(3 * 2 * pairs, 1), pairs, true);
                Rotation neighbours = new Rotation(halves.table(), pairs, false);
                same(floats(3 * 2 * count, 2 * spread), (a, x) -> {
                    a.rotate(x, 2, count, 0, 2, halves);
                    a.rotate(x, 2, count, 1, 2, neighbours);
                    return array(x);
                });
            }
        }
    }

    @Test
    void numbersThatAreNoneAndInfinitiesStayWhatTheyAre() {
        float[] values = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, 0, -0f, Float.MIN_VALUE, -Float.MAX_VALUE};
        for (float value : values) {
            MemorySegment input = floats(40, 1);
            MemorySegment ups = floats(40, 1);
            MemorySegment weights = floats(40, 1);
            input.setAtIndex(ValueLayout.JAVA_FLOAT, 5, value);
            ups.setAtIndex(ValueLayout.JAVA_FLOAT, 37, value);
            same(input, (a, x) -> {
                a.gate(x, ups, 0, 40);
                a.add(x, ups, 0, 40);
                return array(x);
            });
            same(input, (a, x) -> {
                a.normalize(x, x, 0, 1, weights, 1e-5f);
                return array(x);
            });
        }
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
        for (Arithmetic arithmetic : FAST) {
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
