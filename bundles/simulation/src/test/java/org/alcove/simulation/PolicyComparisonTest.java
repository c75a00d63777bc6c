package org.alcove.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.alcove.api.scheduling.Choice;
import org.alcove.api.scheduling.SchedulingPolicy;
import org.alcove.scheduler.lottery.LotteryPolicy;
import org.alcove.scheduler.shortestqueue.ShortestQueuePolicy;
import org.junit.jupiter.api.Test;

/** What the policies promise on a cluster of unequal workers: speeds 1, 1, 4, requests served one after the other. */
class PolicyComparisonTest {

    private static final double[] SPEEDS = {20, 20, 80};
    private static final double CAPACITY = 120;
    private static final int REQUESTS = 60_000;
    private static final long[] SEEDS = {1, 2, 3};

    private static Figures run(Trace trace, Chooser chooser) {
        Cluster cluster = new Cluster(SPEEDS, ServiceModel.ONE_BY_ONE, 0);
        return Figures.of("policy", trace, cluster, Simulation.run(trace.arrivals(), cluster, chooser));
    }

    private static Trace trace(double load, long seed) {
        return Trace.generated(REQUESTS, Work.EXPONENTIAL, 400, load * CAPACITY, seed);
    }

    private static double timesClairvoyant(SchedulingPolicy policy, double load, long seed) {
        Trace trace = trace(load, seed);
        return run(trace, new PolicyChooser("policy", policy, seed)).meanResponse()
                / run(trace, new Clairvoyant()).meanResponse();
    }

    @Test
    void shortestQueueIsNearTheClairvoyantAtLowLoad() {
        for (long seed : SEEDS) {
            double ratio = timesClairvoyant(new ShortestQueuePolicy(), 0.3, seed);
            assertTrue(ratio <= 1.35, "mean response is " + ratio + " times the clairvoyant's, seed " + seed);
        }
    }

    @Test
    void shortestQueueIsNearTheClairvoyantAtHighLoad() {
        for (long seed : SEEDS) {
            double ratio = timesClairvoyant(new ShortestQueuePolicy(), 0.9, seed);
            assertTrue(ratio <= 1.1, "mean response is " + ratio + " times the clairvoyant's, seed " + seed);
        }
    }

    @Test
    void aPolicyThatTakesTheSlowerOfEqualsWouldBeSeen() {
        SchedulingPolicy slowest = (request, candidates, random) -> {
            Choice choice = new ShortestQueuePolicy().choose(request, candidates, random);
            return choice.worker().queueLength() > 0 ? choice : new Choice(candidates.stream()
                    .filter(each -> each.queueLength() == 0).findFirst().orElseThrow(), "the slower of the idle ones");
        };
        assertTrue(timesClairvoyant(slowest, 0.3, 1) > 1.35);
        assertTrue(timesClairvoyant(new LotteryPolicy(), 0.3, 1) > 1.35);
        assertTrue(timesClairvoyant(new LotteryPolicy(), 0.9, 1) > 1.1);
    }

    @Test
    void workUnderLotteryFollowsTheSpeeds() {
        List<Figures.SpeedClass> classes = run(trace(0.9, 1), new PolicyChooser("lottery", new LotteryPolicy(), 1)).classes();
        assertEquals(List.of(20.0, 80.0), classes.stream().map(Figures.SpeedClass::speed).toList());
        assertEquals(List.of(2, 1), classes.stream().map(Figures.SpeedClass::workers).toList());
        for (Figures.SpeedClass each : classes) {
            assertEquals(each.speedShare(), each.workShare(), 0.01);
        }
    }

    @Test
    void theSameSeedGivesTheSameFigures() {
        Trace trace = trace(0.9, 5);
        for (SchedulingPolicy policy : List.of(new LotteryPolicy(), new ShortestQueuePolicy())) {
            assertEquals(List.of(run(trace, new PolicyChooser("p", policy, 9)).meanResponse()),
                    List.of(run(trace(0.9, 5), new PolicyChooser("p", policy, 9)).meanResponse()));
        }
    }

    @Test
    void countsThatAreCorrectedByBeatsOnlySpoilTheShortestQueue() {
        Trace trace = trace(0.9, 1);
        Cluster late = new Cluster(SPEEDS, ServiceModel.ONE_BY_ONE, 600);
        double old = Figures.of("old", trace, late,
                Simulation.run(trace.arrivals(), late, new PolicyChooser("p", new ShortestQueuePolicy(), 1))).meanResponse();
        assertTrue(old > 1.5 * run(trace, new PolicyChooser("p", new ShortestQueuePolicy(), 1)).meanResponse());
    }
}
