package org.alcove.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Requests in the order in which they come.
 *
 * @param arrivals at least two, in the order of time
 * @param counted number of the first request that counts in figures: before it the cluster is emptier than it would be
 */
record Trace(List<Arrival> arrivals, int counted) {

    /** A fifth of a generated trace fills the cluster. */
    private static final int WARM_UP_PART = 5;

    Trace {
        arrivals = List.copyOf(arrivals);
    }

    /**
     * Requests that come independently of each other (a Poisson process).
     *
     * @param requests how many
     * @param work how their work is spread
     * @param mean tokens of a request on average
     * @param perSecond tokens that come per second on average
     * @param seed the same seed gives the same trace; seen at another rate, the same requests come closer together
     */
    static Trace generated(int requests, Work work, double mean, double perSecond, long seed) {
        Random times = new Random(seed);
        Random sizes = new Random(~seed);
        List<Arrival> arrivals = new ArrayList<>(requests);
        double now = 0;
        for (int i = 0; i < requests; i++) {
            arrivals.add(new Arrival(now, mean * work.draw(sizes)));
            now += Work.exponential(times) * mean / perSecond;
        }
        return new Trace(arrivals, requests / WARM_UP_PART);
    }

    /** Tokens per second that come on average. */
    double perSecond() {
        double sum = arrivals.stream().mapToDouble(Arrival::work).sum();
        return sum / seconds();
    }

    /** Seconds from the first arrival to the last. */
    double seconds() {
        return arrivals.getLast().seconds() - arrivals.getFirst().seconds();
    }

    /** The same requests, faster or slower one after the other. */
    Trace atRate(double tokensPerSecond) {
        double factor = perSecond() / tokensPerSecond;
        return new Trace(arrivals.stream().map(each -> new Arrival(each.seconds() * factor, each.work())).toList(), counted);
    }
}
