package org.alcove.evaluation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.alcove.evaluation.Windows.Window;
import org.junit.jupiter.api.Test;

class PerplexityRunTest {

    private static final float[] EVEN = {0, 0, 0, 0};
    /** Probabilities 1/2, 1/4, 1/8, 1/8. */
    private static final float[] FALLING = {(float) Math.log(4), (float) Math.log(2), 0, 0};

    private final int[] tokens = {3, 0, 1, 2, 0, 1, 2, 3, 0, 0};

    private PerplexityRun run(int... begin) {
        return new PerplexityRun(tokens, begin);
    }

    @Test
    void aModelThatFindsAllTokensEquallyLikelyHasThePerplexityOfItsVocabulary() throws Exception {
        PerplexityRun run = run();
        run.score(new FigureEngine((window, position) -> EVEN), Windows.STRIDED.cut(10, 4, 2), (done, all) -> { });
        assertEquals(4, run.perplexity().value(), 1e-6);
        assertEquals(0, run.perplexity().error(), 1e-6);
        assertEquals(9, run.perplexity().count());
    }

    @Test
    void perplexityIsTheExponentialOfTheMeanOverAllScoredTokens() throws Exception {
        PerplexityRun run = run();
        run.score(new FigureEngine((window, position) -> FALLING), Windows.STRIDED.cut(10, 4, 2), (done, all) -> { });
        // After the first: four tokens 0 (one bit), two tokens 1 (two bits), two tokens 2 and one token 3 (three bits).
        assertEquals(Math.pow(2, (4 * 1 + 2 * 2 + 3 * 3) / 9.0), run.perplexity().value(), 1e-5);
        assertEquals((4 * 1 + 2 * 2 + 3 * 3) * Math.log(2), run.perplexity().nats(), 1e-5);
    }

    @Test
    void halvesPutTheBeginTokenInPlaceOfTheFirst() throws Exception {
        FigureEngine engine = new FigureEngine((window, position) -> EVEN);
        List<Window> windows = Windows.HALVES.cut(10, 4, 0);
        run(2).score(engine, windows, (done, all) -> { });
        assertArrayEquals(new int[] {2, 0, 1, 2}, engine.asked.get(0));
        assertArrayEquals(new int[] {2, 1, 2, 3}, engine.asked.get(1));
        run().score(engine, windows, (done, all) -> { });
        assertArrayEquals(new int[] {3, 0, 1, 2}, engine.asked.get(2), "a model without a begin token keeps its text");
    }

    @Test
    void aModelDoesNotDivergeFromItself() throws Exception {
        PerplexityRun run = run();
        FigureEngine engine = new FigureEngine((window, position) -> new float[] {position, window[position], 0.5f, -1});
        run.compare(engine, engine, Windows.STRIDED.cut(10, 4, 2), (done, all) -> { });
        assertEquals(0, run.divergence().mean());
        assertEquals(0, run.divergence().rare());
        assertEquals(1, run.divergence().sameTop());
        assertEquals(run.referencePerplexity().value(), run.perplexity().value());
    }

    @Test
    void divergenceIsThatOfTheModelFromTheReferenceAndNotTheOtherWay() throws Exception {
        PerplexityRun run = run();
        float[] steep = {(float) Math.log(13), 0, 0, 0};
        run.compare(new FigureEngine((window, position) -> EVEN), new FigureEngine((window, position) -> steep),
                Windows.STRIDED.cut(10, 4, 2), (done, all) -> { });
        double expected = 13 / 16.0 * Math.log(13 / 4.0) + 3 / 16.0 * Math.log(1 / 4.0);
        assertEquals(expected, run.divergence().mean(), 1e-6);
        double other = 1 / 4.0 * Math.log(4 / 13.0) + 3 / 4.0 * Math.log(4);
        assertTrue(Math.abs(expected - other) > 0.01, "the test can tell them apart");
        assertEquals(1, run.divergence().sameTop(), "of equal logits the lower id counts as the larger");
    }

    @Test
    void theRareDivergenceIsTheOneThatNinetyNineOfAHundredDoNotExceed() {
        Divergence divergence = new Divergence();
        for (int i = 1; i <= 200; i++) {
            divergence.add(new Divergence.At(i, i % 4 != 0));
        }
        assertEquals(198, divergence.rare());
        assertEquals(100.5, divergence.mean());
        assertEquals(0.75, divergence.sameTop());
    }
}
