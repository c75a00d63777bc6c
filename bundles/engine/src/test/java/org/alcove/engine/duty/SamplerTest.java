package org.alcove.engine.duty;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.alcove.api.worker.SamplingParameters;
import org.alcove.engine.TokenEvent.Candidate;
import org.alcove.engine.numeric.Tiers;
import org.junit.jupiter.api.Test;

class SamplerTest {

    private static final int DRAWS = 2000;
    /** Probabilities 0.4, 0.3, 0.2, 0.1. */
    private static final float[] FOUR = {log(0.2), log(0.4), log(0.1), log(0.3)};

    private final Arena arena = Arena.ofAuto();

    private static float log(double probability) {
        return (float) Math.log(probability);
    }

    private static SamplingParameters parameters(float temperature, int topK, float topP, float minP) {
        return new SamplingParameters(temperature, topK, topP, minP, 1, 0, 0, Map.of(), OptionalLong.of(1));
    }

    private static SamplingParameters penalties(float repetition, float presence, float frequency) {
        return new SamplingParameters(0, 0, 1, 0, repetition, presence, frequency, Map.of(), OptionalLong.empty());
    }

    private Sampler sampler(int vocabulary) {
        Sampler sampler = new Sampler(arena, vocabulary);
        sampler.begin(Tiers.best().current());
        return sampler;
    }

    private int choose(float[] logits, SamplingParameters parameters, TokenCounts counts, int position) {
        return sampler(logits.length).choose(segment(logits), parameters, counts, Set.of(), position);
    }

    private MemorySegment segment(float... logits) {
        MemorySegment memory = arena.allocate(4L * logits.length, 64);
        MemorySegment.copy(logits, 0, memory, ValueLayout.JAVA_FLOAT, 0, logits.length);
        return memory;
    }

    private int[] histogram(SamplingParameters parameters, float... logits) {
        Sampler sampler = sampler(logits.length);
        int[] counts = new int[logits.length];
        for (int position = 0; position < DRAWS; position++) {
            counts[sampler.choose(segment(logits), parameters, null, Set.of(), position)]++;
        }
        return counts;
    }

    /** Ids that are ever drawn. */
    private Set<Integer> drawn(SamplingParameters parameters, float... logits) {
        int[] counts = histogram(parameters, logits);
        Set<Integer> ids = new TreeSet<>();
        IntStream.range(0, counts.length).filter(i -> counts[i] > 0).forEach(ids::add);
        return ids;
    }

    @Test
    void temperatureZeroTakesTheLikeliestAndOfEqualOnesTheLowestId() {
        assertEquals(1, choose(FOUR, SamplingParameters.GREEDY, null, 0));
        assertEquals(2, choose(new float[] {0, -1, 5, 5, 5}, SamplingParameters.GREEDY, null, 0));
    }

    @Test
    void drawsFollowTheDistribution() {
        assertDistribution(new double[] {0.2, 0.4, 0.1, 0.3}, histogram(parameters(1, 0, 1, 0), FOUR));
        double[] squares = {0.04 / 0.3, 0.16 / 0.3, 0.01 / 0.3, 0.09 / 0.3};
        assertDistribution(squares, histogram(parameters(0.5f, 0, 1, 0), FOUR));
        assertDistribution(new double[] {0, 4 / 7.0, 0, 3 / 7.0}, histogram(parameters(1, 2, 1, 0), FOUR));
    }

    /** Chi-squared with at most three degrees of freedom: 16.27 is exceeded once in a thousand. */
    private static void assertDistribution(double[] expected, int... counts) {
        double chi = 0;
        for (int i = 0; i < counts.length; i++) {
            if (expected[i] == 0) {
                assertEquals(0, counts[i]);
            } else {
                chi += Math.pow(counts[i] - DRAWS * expected[i], 2) / (DRAWS * expected[i]);
            }
        }
        assertTrue(chi < 16.27, "chi-squared is " + chi + " for " + Arrays.toString(counts));
    }

    @Test
    void eachFilterKeepsTheLikeliest() {
        assertEquals(Set.of(0, 1, 2, 3), drawn(parameters(1, 0, 1, 0), FOUR));
        assertEquals(Set.of(1), drawn(parameters(1, 1, 1, 0), FOUR));
        assertEquals(Set.of(0, 1, 3), drawn(parameters(1, 3, 1, 0), FOUR));
        assertEquals(Set.of(1), drawn(parameters(1, 0, 0.39f, 0), FOUR));
        assertEquals(Set.of(1, 3), drawn(parameters(1, 0, 0.41f, 0), FOUR));
        assertEquals(Set.of(0, 1, 3), drawn(parameters(1, 0, 0.89f, 0), FOUR));
        assertEquals(Set.of(1), drawn(parameters(1, 0, 0, 0), FOUR));
        assertEquals(Set.of(1, 3), drawn(parameters(1, 0, 1, 0.6f), FOUR));
        assertEquals(Set.of(1), drawn(parameters(1, 0, 1, 1), FOUR));
        // Of the two likeliest, 4/7 and 3/7, the first reaches one half.
        assertEquals(Set.of(1), drawn(parameters(1, 2, 0.5f, 0), FOUR));
    }

    @Test
    void ofEqualOnesTheLowerIdsAreKept() {
        float[] equal = new float[10];
        assertEquals(Set.of(0, 1, 2), drawn(parameters(1, 3, 1, 0), equal));
        assertEquals(Set.of(0, 1, 2, 3, 4), drawn(parameters(1, 0, 0.5f, 0), equal));
    }

    @Test
    void theNucleusIsThatOfASortedList() {
        Random random = new Random(2);
        for (int run = 0; run < 30; run++) {
            float[] logits = new float[200];
            for (int i = 0; i < logits.length; i++) {
                logits[i] = (float) (3 * random.nextGaussian());
            }
            double p = 0.05 + 0.9 * random.nextDouble();
            double total = IntStream.range(0, 200).mapToDouble(i -> Math.exp(logits[i])).sum();
            Set<Integer> nucleus = new TreeSet<>();
            double reached = 0;
            for (int id : IntStream.range(0, 200).boxed().sorted((a, b) -> Float.compare(logits[b], logits[a])).toList()) {
                if (reached < p) {
                    nucleus.add(id);
                    reached += Math.exp(logits[id]) / total;
                }
            }
            Set<Integer> drawn = drawn(parameters(1, 0, (float) p, 0), logits);
            assertTrue(nucleus.containsAll(drawn), "drawn " + drawn + ", but the nucleus is " + nucleus);
            assertTrue(drawn.size() > nucleus.size() / 2);
        }
    }

    @Test
    void randomnessIsAFunctionOfSeedAndPosition() {
        float[] flat = new float[1000];
        int[] first = IntStream.range(0, 50).map(i -> choose(flat, parameters(1, 0, 1, 0).withSeed(7), null, i)).toArray();
        int[] again = IntStream.range(0, 50).map(i -> choose(flat, parameters(1, 0, 1, 0).withSeed(7), null, i)).toArray();
        int[] other = IntStream.range(0, 50).map(i -> choose(flat, parameters(1, 0, 1, 0).withSeed(8), null, i)).toArray();
        assertArrayEquals(first, again);
        assertNotEquals(Arrays.toString(first), Arrays.toString(other));
        assertEquals(50, IntStream.of(first).distinct().count(), 3);
    }

    @Test
    void penaltiesCountPromptAndAnswerAsDescribed() {
        TokenCounts counts = new TokenCounts();
        counts.addPrompt(0);
        counts.addAnswer(1);
        counts.addAnswer(1);
        assertEquals(0, choose(new float[] {3, 2.9f, 1}, penalties(1, 1, 0), counts, 0), "presence leaves the prompt alone");
        assertEquals(2, choose(new float[] {0, 2.9f, 1}, penalties(1, 2, 0), counts, 0));
        assertEquals(1, choose(new float[] {0, 2.9f, 1}, penalties(1, 0, 0.9f), counts, 0), "2.9 - 2 * 0.9 is more than 1");
        assertEquals(2, choose(new float[] {0, 2.9f, 1}, penalties(1, 0, 1), counts, 0), "2.9 - 2 * 1 is less than 1");
        assertEquals(2, choose(new float[] {3, 2.9f, 1.6f}, penalties(2, 0, 0), counts, 0), "repetition divides both");
        assertEquals(2, choose(new float[] {-1, -1, -1.9f}, penalties(2, 0, 0), counts, 0), "and multiplies negative ones");
    }

    @Test
    void manyDifferentTokensAreCounted() {
        TokenCounts counts = new TokenCounts();
        for (int i = 0; i < 1000; i++) {
            counts.addPrompt(i * 7);
            counts.addAnswer(i * 7);
            counts.addAnswer(i % 10);
        }
        int sum = IntStream.range(0, counts.slots()).filter(counts::isUsed).map(counts::answerCount).sum();
        assertEquals(2000, sum);
        long distinct = IntStream.range(0, counts.slots()).filter(counts::isUsed).map(counts::id).distinct().count();
        assertEquals(1008, distinct);
    }

    @Test
    void aBiasMovesAndAForbiddenIdIsNeverChosen() {
        SamplingParameters biased = new SamplingParameters(0, 0, 1, 0, 1, 0, 0, Map.of(2, 10f, 1, -10f), OptionalLong.empty());
        assertEquals(2, choose(FOUR, biased, null, 0));
        Sampler sampler = sampler(4);
        assertEquals(3, sampler.choose(segment(FOUR), SamplingParameters.GREEDY, null, Set.of(1, 99), 0));
        float none = Float.NEGATIVE_INFINITY;
        assertThrows(IllegalStateException.class,
                () -> sampler.choose(segment(none, none, none, none), SamplingParameters.GREEDY, null, Set.of(), 0));
    }

    @Test
    void probabilitiesAreThoseBeforeTheChain() {
        Sampler sampler = sampler(4);
        MemorySegment logits = segment(FOUR);
        double logOfSum = sampler.logOfSum(logits);
        assertEquals(0, logOfSum, 1e-6);
        Candidate[] top = sampler.top(logits, 3, logOfSum);
        assertArrayEquals(new int[] {1, 3, 0}, Arrays.stream(top).mapToInt(Candidate::id).toArray());
        assertEquals(Math.log(0.4), top[0].logprob(), 1e-6);
        assertEquals(4, sampler.top(logits, 20, logOfSum).length);
        assertEquals(0, sampler.top(logits, 0, logOfSum).length);
    }
}
