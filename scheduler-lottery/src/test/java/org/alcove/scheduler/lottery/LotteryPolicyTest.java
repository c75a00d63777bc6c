package org.alcove.scheduler.lottery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.alcove.api.scheduling.SchedulingPolicy;
import org.alcove.api.worker.WorkerStatus;
import org.alcove.testkit.scheduling.PolicyContract;
import org.alcove.testkit.scheduling.SampleWorker;
import org.junit.jupiter.api.Test;

class LotteryPolicyTest extends PolicyContract {

    private static final int CHOICES = 10_000;
    /** Draws that follow the speeds look less likely than this in one of a hundred runs; the seed is fixed, and not that one. */
    private static final double SIGNIFICANT = 0.01;

    @Override
    protected SchedulingPolicy policy() {
        return new LotteryPolicy();
    }

    private static int[] counts(double... speeds) {
        List<WorkerStatus> candidates = new ArrayList<>();
        for (int i = 0; i < speeds.length; i++) {
            candidates.add(SampleWorker.of(String.valueOf(i), speeds[i], 0));
        }
        return counts(candidates);
    }

    private static int[] counts(List<WorkerStatus> candidates) {
        LotteryPolicy policy = new LotteryPolicy();
        Random random = new Random(20_260_101);
        int[] counts = new int[candidates.size()];
        for (int i = 0; i < CHOICES; i++) {
            counts[Integer.parseInt(policy.choose(request(), candidates, random).worker().id())]++;
        }
        return counts;
    }

    /**
     * Probability that draws with these shares differ from them as much as the counts do, or more: Pearson's chi-squared test.
     * The number of workers has to be odd: for the even number 2k of degrees of freedom the distribution has a closed form,
     * P(X > x) = exp(-x/2) * sum over i < k of (x/2)^i / i!.
     */
    private static double probability(int[] counts, double... shares) {
        assertEquals(1, counts.length % 2, "degrees of freedom are even");
        double all = Arrays.stream(shares).sum();
        double half = 0;
        for (int i = 0; i < counts.length; i++) {
            double expected = CHOICES * (shares[i] / all);
            half += (counts[i] - expected) * (counts[i] - expected) / expected / 2;
        }
        double sum = 0;
        double term = Math.exp(-half);
        for (int i = 0; i < counts.length / 2; i++) {
            sum += term;
            term *= half / (i + 1);
        }
        return sum;
    }

    private static void assertFollow(int[] counts, double... shares) {
        double probability = probability(counts, shares);
        assertTrue(probability > SIGNIFICANT, () -> "p = " + probability + " for " + Arrays.toString(counts));
    }

    @Test
    void theProbabilityIsTheOneOfTheTables() {
        // Critical values at 0.01: 9.210 for two degrees of freedom, 13.277 for four.
        int third = CHOICES / 3;
        double step = Math.sqrt(9.210 * CHOICES / 3 / 2);
        assertEquals(0.01, probability(new int[] {third, (int) (third + step), (int) (third - step)}, 1, 1, 1), 0.0003);
        int fifth = CHOICES / 5;
        step = Math.sqrt(13.277 * fifth / 2);
        assertEquals(0.01, probability(new int[] {fifth, fifth, fifth, (int) (fifth + step), (int) (fifth - step)},
                1, 1, 1, 1, 1), 0.0003);
    }

    @Test
    void choicesAreProportionalToSpeed() {
        double[] speeds = {1, 1, 4};
        assertFollow(counts(speeds), speeds);
        assertTrue(probability(counts(speeds), 1, 1, 1) < SIGNIFICANT, "a uniform draw would be seen");
        assertTrue(probability(counts(1, 1, 1), speeds) < SIGNIFICANT, "a uniform draw would be seen");
    }

    @Test
    void choicesAmongManyWorkersAreProportionalToSpeed() {
        double[] speeds = {0.5, 12, 7.25, 3, 3, 41.5, 1, 19, 2, 8, 5};
        assertFollow(counts(speeds), speeds);
        assertTrue(probability(counts(speeds), 1, 12, 7.25, 3, 3, 41.5, 1, 19, 2, 8, 5) < SIGNIFICANT,
                "twice the chance of the slowest would be seen");
    }

    @Test
    void theLengthOfTheQueueChangesNothing() {
        assertFollow(counts(List.of(SampleWorker.of("0", 2, 50), SampleWorker.of("1", 2, 0), SampleWorker.of("2", 1, 7))),
                2, 2, 1);
    }

    @Test
    void enormousSpeedsKeepTheirProportion() {
        double largest = Double.MAX_VALUE;
        assertFollow(counts(largest / 4, largest / 4, largest), 1, 1, 4);
    }

    @Test
    void aWorkerWithoutSpeedIsNotDrawnBesideOthers() {
        int[] counts = counts(0, 5, Double.NaN, 5, -1);
        assertEquals(0, counts[0] + counts[2] + counts[4]);
        assertNotEquals(0, counts[1]);
        assertNotEquals(0, counts[3]);
    }

    @Test
    void workersOfWhichNoneHasASpeedAreDrawnAlike() {
        assertFollow(counts(0, Double.NaN, -1), 1, 1, 1);
    }

    @Test
    void theReasonGivesTheChance() {
        String reason = new LotteryPolicy().choose(request(), List.of(SampleWorker.of("a", 12.5, 3)), new Random(1)).reason();
        assertEquals("drawn with a chance of 100.0 % (12.50 tokens/s, 1 of 1)", reason);
    }
}
