package org.alcove.plot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AxisTest {

    private static List<String> texts(Axis axis) {
        return axis.ticks().stream().map(Axis::text).toList();
    }

    @Test
    void ticksAreRoundDecimals() {
        assertEquals(List.of("0", "0.1", "0.2", "0.3", "0.4", "0.5", "0.6"), texts(Axis.linear(0, 0.6)));
        assertEquals(List.of("0", "50", "100", "150"), texts(Axis.linear(3, 129)));
        assertEquals(List.of("-1", "-0.5", "0", "0.5", "1"), texts(Axis.linear(-1, 1)));
        assertEquals(List.of("50", "50.2", "50.4", "50.6", "50.8", "51"), texts(Axis.linear(50, 51)));
        assertEquals(List.of("0", "200k", "400k", "600k", "800k", "1M"), texts(Axis.linear(0, 1e6)));
    }

    @Test
    void aSingleValueHasARangeToo() {
        assertEquals(List.of("0", "2", "4", "6", "8"), texts(Axis.linear(7)));
        assertEquals(0, Axis.linear(-3).greatest());
        assertEquals(1, Axis.linear(0, 0).greatest());
    }

    @Test
    void logarithmicTicksAreDecadesAndTheirParts() {
        assertEquals(List.of("1", "2", "5", "10", "20", "50", "100"), texts(Axis.logarithmic("x", 1, 64)));
        assertEquals(List.of("0.001", "0.01", "0.1", "1", "10", "100"), texts(Axis.logarithmic("x", 0.002, 90)));
        assertEquals(List.of("1e-9", "1e-7", "1e-5", "0.001", "0.1", "10", "1000", "100k"),
                texts(Axis.logarithmic("x", 1e-9, 1e5)));
    }

    @Test
    void everyValueLiesOnTheAxis() {
        Random random = new Random(1);
        for (int i = 0; i < 2000; i++) {
            double scale = Math.pow(10, random.nextInt(-12, 13));
            double[] values = {random.nextGaussian() * scale, random.nextGaussian() * scale, random.nextGaussian() * scale};
            Axis axis = Axis.linear(values);
            assertTrue(axis.ticks().size() >= 2 && axis.ticks().size() <= 9, axis::toString);
            double[] positive = java.util.Arrays.stream(values).map(Math::abs).map(each -> Math.pow(each, 3)).toArray();
            Axis ratios = Axis.logarithmic("x", positive);
            for (int j = 0; j < values.length; j++) {
                assertTrue(axis.place(values[j]) >= 0 && axis.place(values[j]) <= 1, axis::toString);
                double place = ratios.place(positive[j]);
                assertTrue(place >= 0 && place <= 1, ratios + " " + positive[j]);
            }
            for (BigDecimal tick : ratios.ticks()) {
                assertTrue(ratios.place(tick.doubleValue()) >= 0 && ratios.place(tick.doubleValue()) <= 1, ratios::toString);
            }
        }
    }
}
