package org.alcove.plot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;

class LineChartTest {

    private static LineChart chart() {
        return LineChart.titled("Throughput over concurrency").axes("concurrent requests", "tokens/s")
                .series("one worker", new double[] {1, 2, 4, 8, 16, 32, 64}, new double[] {9, 17, 30, 48, 60, 64, 65})
                .series("two workers", new double[] {1, 2, 4, 8, 16, 32, 64}, new double[] {9, 18, 34, 61, 97, 120, 129});
    }

    @Test
    void aChartIsTheSameByteForByte() {
        Golden.assertSame("throughput.svg", chart().logX().svg());
    }

    @Test
    void distributionsAndStepsAreTheSameByteForByte() {
        double[] values = new double[1000];
        for (int i = 0; i < values.length; i++) {
            values[i] = (i * 389 % 1000 + 1) / 250.0;
        }
        Golden.assertSame("distribution.svg", LineChart.titled("Waiting time").axes("seconds", "share of requests")
                .distribution("lottery", values).steps("steps", new double[] {0, 1, 3, 4}, new double[] {0.2, 0.5, 0.9}).svg());
    }

    @Test
    void theLocaleChangesNothing() {
        Locale before = Locale.getDefault();
        String plain = chart().svg();
        try {
            Locale.setDefault(Locale.forLanguageTag("ar-EG"));
            assertEquals(plain, chart().svg());
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void wordsAreEscaped() throws Exception {
        String title = "p50 < p95 & \"p99\" > \u0001";
        Document document = Golden.parse(LineChart.titled(title).axes("<x>", "y & z")
                .series("a</svg>", new double[] {1}, new double[] {2}).svg());
        assertEquals(title.replace('\u0001', '\uFFFD'), document.getElementsByTagName("title").item(0).getTextContent());
        assertTrue(document.getDocumentElement().getTextContent().contains("a</svg>"));
    }

    @Test
    void aPointThatIsNotFiniteIsAGap() {
        String svg = LineChart.titled("gap")
                .series("s", new double[] {0, 1, 2, 3, 4}, new double[] {1, 2, Double.NaN, 2, 1}).svg();
        String line = svg.lines().filter(each -> each.contains("stroke-linejoin")).findFirst().orElseThrow();
        assertEquals(2, line.chars().filter(each -> each == 'M').count());
        assertFalse(svg.contains("NaN"));
    }

    @Test
    void aChartWithoutCurvesHasAxes() throws Exception {
        Golden.parse(LineChart.titled("nothing").svg());
        Golden.parse(LineChart.titled("nothing").logX().logY().distribution("empty", new double[0]).svg());
    }

    @Test
    void aHistogramCountsEveryValueOnce() {
        String svg = LineChart.titled("h").histogram("values", new double[] {0, 1, 1, 2, 4}, 4).svg();
        String line = svg.lines().filter(each -> each.contains("stroke-linejoin")).findFirst().orElseThrow();
        // Counts 1, 2, 1, 1 on an axis from 0 to 2, 300 pixels high, which begins 62 pixels from the top.
        assertEquals(4 * 2, line.split("[ML]").length - 1, line);
        assertTrue(line.contains(" 212L") && line.contains(" 62L"), line);
        Golden.assertWellFormed(LineChart.titled("h").histogram("one", new double[] {3, 3}, 5).svg());
    }

    @Test
    void coordinatesThatDoNotPairAreRefused() {
        assertEquals("series s has 2 horizontal coordinates and 1 vertical ones: give as many of each",
                assertThrows(IllegalArgumentException.class,
                        () -> LineChart.titled("t").series("s", new double[2], new double[1])).getMessage());
        assertThrows(IllegalArgumentException.class, () -> LineChart.titled("t").steps("s", new double[3], new double[1]));
    }

    @Test
    void aLogarithmicAxisRefusesZeroByName() {
        LineChart chart = LineChart.titled("t").axes("load", "seconds")
                .series("s", new double[] {1, 2}, new double[] {0, 1}).logY();
        assertEquals("the logarithmic axis \"seconds\" cannot show 0.0, only values above 0: leave it out or use a linear axis",
                assertThrows(IllegalArgumentException.class, chart::svg).getMessage());
    }
}
