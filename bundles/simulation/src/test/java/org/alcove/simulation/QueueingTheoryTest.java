package org.alcove.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** The simulation agrees with what is known of single queues (Kleinrock, Queueing Systems I and II). */
class QueueingTheoryTest {

    private static final int REQUESTS = 400_000;
    private static final double SPEED = 20;
    private static final double TOKENS = 400;
    /** Requests per second that the worker ends when it is busy. */
    private static final double ENDS = SPEED / TOKENS;

    private static Figures run(double load, Work work, ServiceModel model) {
        Trace trace = Trace.generated(REQUESTS, work, TOKENS, load * SPEED, 42);
        Cluster cluster = new Cluster(new double[] {SPEED}, model, 0);
        return Figures.of("only", trace, cluster, Simulation.run(trace.arrivals(), cluster, (job, all) -> 0));
    }

    private static void assertNear(double expected, double actual, double tolerance, String what) {
        assertEquals(1, actual / expected, tolerance, () -> what + ": " + actual + ", expected " + expected);
    }

    @Test
    void percentilesOfOneExponentialQueueAgreeWithTheory() {
        for (double load : new double[] {0.5, 0.8}) {
            Figures figures = run(load, Work.EXPONENTIAL, ServiceModel.ONE_BY_ONE);
            double rate = ENDS * (1 - load);
            assertNear(1 / rate, figures.meanResponse(), 0.03, "mean response");
            for (double percent : new double[] {50, 95, 99}) {
                double exceeded = 1 - percent / 100;
                assertNear(-Math.log(exceeded) / rate, Figures.percentile(figures.response(), percent), 0.04,
                        "response p" + percent);
                double waiting = Figures.percentile(figures.waiting(), percent);
                double expected = Math.max(0, Math.log(load / exceeded) / rate);
                assertEquals(expected, waiting, 0.04 * Math.max(expected, 1 / ENDS), "waiting p" + percent);
            }
        }
    }

    @Test
    void equalRequestsWaitHalfAsLong() {
        double load = 0.8;
        assertNear(load / (2 * ENDS * (1 - load)), run(load, Work.FIXED, ServiceModel.ONE_BY_ONE).meanWaiting(), 0.03, "M/D/1");
    }

    @Test
    void theMeanOfSharingDependsOnTheLoadOnly() {
        // The mean response of processor sharing does not depend on how work is spread.
        for (Work work : Work.values()) {
            Figures figures = run(0.7, work, new ServiceModel(Integer.MAX_VALUE, 1));
            assertNear(1 / (ENDS * 0.3), figures.meanResponse(), 0.04, "M/G/1-PS, " + work);
        }
    }

    @Test
    void threeRequestsThatNeedAThirdEachAreThreeServers() {
        double load = 0.8;
        int servers = 3;
        double offered = load * servers;
        double sum = 0;
        double term = 1;
        for (int i = 0; i < servers; i++) {
            sum += term;
            term *= offered / (i + 1);
        }
        double waits = term / (1 - load) / (sum + term / (1 - load));
        double each = ENDS / servers;
        double expected = waits / (servers * each - offered * each) + 1 / each;
        for (int slots : new int[] {3, 64}) {
            double response = run(load, Work.EXPONENTIAL, new ServiceModel(slots, 1.0 / servers)).meanResponse();
            assertNear(expected, response, 0.03, "M/M/3 (Erlang C), slots " + slots);
        }
    }

    @Test
    void generatedRequestsComeIndependentlyAndHaveTheirMean() {
        for (Work work : Work.values()) {
            Trace trace = Trace.generated(REQUESTS, work, TOKENS, 10, 7);
            double mean = trace.arrivals().stream().mapToDouble(Arrival::work).average().orElseThrow();
            assertNear(TOKENS, mean, 0.01, "mean of " + work);
            assertNear(10, trace.perSecond(), 0.01, "rate of " + work);
            double deviation = Math.sqrt(trace.arrivals().stream().mapToDouble(each -> Math.pow(each.work() - mean, 2)).average()
                    .orElseThrow()) / mean;
            assertEquals(switch (work) {
                case FIXED -> 0;
                case EXPONENTIAL -> 1;
                case HEAVY -> 2;
            }, deviation, 0.1, work.word());
            double[] gaps = new double[REQUESTS - 1];
            Arrays.setAll(gaps, i -> trace.arrivals().get(i + 1).seconds() - trace.arrivals().get(i).seconds());
            double gap = Arrays.stream(gaps).average().orElseThrow();
            assertNear(Math.exp(-2), Arrays.stream(gaps).filter(each -> each > 2 * gap).count() / (double) gaps.length, 0.02,
                    "gaps");
        }
    }

    @Test
    void aTraceSeenAtAnotherRateHasThatRate() {
        Trace trace = Trace.generated(1000, Work.HEAVY, TOKENS, 10, 7);
        assertEquals(25, trace.atRate(25).perSecond(), 1e-9);
        assertEquals(trace.arrivals().getLast().work(), trace.atRate(25).arrivals().getLast().work());
    }
}
