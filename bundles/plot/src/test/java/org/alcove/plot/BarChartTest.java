package org.alcove.plot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class BarChartTest {

    @Test
    void aChartIsTheSameByteForByte() {
        Golden.assertSame("waiting.svg", BarChart.titled("Waiting time").axes("percentile", "seconds").groups("p50", "p95", "p99")
                .series("lottery", 1.5, 9, 14).series("shortest_queue", 0.4, 4, 6).svg());
    }

    @Test
    void barsBelowZeroHangFromTheLine() {
        String svg = BarChart.titled("difference").groups("a", "b").series("s", 2, -2).svg();
        assertTrue(svg.contains("height=\"150\""), svg);
        Golden.assertWellFormed(svg);
    }

    @Test
    void longNamesOfGroupsAreSlanted() {
        String[] groups = new String[12];
        java.util.Arrays.setAll(groups, i -> "a rather long name " + i);
        String svg = BarChart.titled("t").groups(groups).series("s", new double[12]).svg();
        assertTrue(svg.contains("rotate(-35"), svg);
    }

    @Test
    void aSeriesNeedsAValueForEachGroup() {
        BarChart chart = BarChart.titled("t").groups("a", "b").series("s", 1, 2, 3);
        assertEquals("series s has 3 values for 2 groups: give one value for each group",
                assertThrows(IllegalArgumentException.class, chart::svg).getMessage());
    }

    @Test
    void aValueThatIsNotFiniteLeavesItsPlaceEmpty() {
        String svg = BarChart.titled("t").groups("a", "b").series("s", Double.NaN, 1).svg();
        // Paper, the legend's swatch, one bar.
        assertEquals(3, svg.split("<rect", -1).length - 1, svg);
    }
}
