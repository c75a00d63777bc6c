package org.alcove.scheduler.lottery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.alcove.api.scheduling.SchedulingPolicy;
import org.alcove.api.worker.WorkerStatus;
import org.alcove.testkit.scheduling.PolicyContract;
import org.alcove.testkit.scheduling.SampleWorker;
import org.junit.jupiter.api.Test;

class LotteryPolicyTest extends PolicyContract {

    private static final int CHOICES = 10_000;
    /** Chi-squared with two degrees of freedom: exceeded with a probability of 0.01. */
    private static final double CHI_SQUARED_AT_ONE_PERCENT = 9.210;

    @Override
    protected SchedulingPolicy policy() {
        return new LotteryPolicy();
    }

    private static int[] counts(double... speeds) {
        List<WorkerStatus> candidates = new ArrayList<>();
        for (int i = 0; i < speeds.length; i++) {
            candidates.add(SampleWorker.of(String.valueOf(i), speeds[i], 0));
        }
        LotteryPolicy policy = new LotteryPolicy();
        Random random = new Random(20_260_101);
        int[] counts = new int[speeds.length];
        for (int i = 0; i < CHOICES; i++) {
            counts[Integer.parseInt(policy.choose(request(), candidates, random).worker().id())]++;
        }
        return counts;
    }

    private static double chiSquared(int[] counts, double... expectedShares) {
        double sum = 0;
        for (int i = 0; i < counts.length; i++) {
            double expected = CHOICES * expectedShares[i];
            sum += (counts[i] - expected) * (counts[i] - expected) / expected;
        }
        return sum;
    }

    @Test
    void choicesAreProportionalToSpeed() {
        int[] counts = counts(1, 1, 4);
        double statistic = chiSquared(counts, 1 / 6.0, 1 / 6.0, 4 / 6.0);
        assertTrue(statistic < CHI_SQUARED_AT_ONE_PERCENT, "chi squared " + statistic);
        assertTrue(chiSquared(counts, 1 / 3.0, 1 / 3.0, 1 / 3.0) > CHI_SQUARED_AT_ONE_PERCENT, "the test can fail");
    }

    @Test
    void enormousSpeedsKeepTheirProportion() {
        double largest = Double.MAX_VALUE;
        assertTrue(chiSquared(counts(largest / 4, largest / 4, largest), 1 / 6.0, 1 / 6.0, 4 / 6.0) < CHI_SQUARED_AT_ONE_PERCENT);
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
        assertTrue(chiSquared(counts(0, Double.NaN, -1), 1 / 3.0, 1 / 3.0, 1 / 3.0) < CHI_SQUARED_AT_ONE_PERCENT);
    }

    @Test
    void theReasonGivesTheChance() {
        String reason = new LotteryPolicy().choose(request(), List.of(SampleWorker.of("a", 12.5, 3)), new Random(1)).reason();
        assertEquals("drawn with a chance of 100.0 % (12.50 tokens/s, 1 of 1)", reason);
    }
}
