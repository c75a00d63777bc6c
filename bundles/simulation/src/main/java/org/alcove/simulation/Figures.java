package org.alcove.simulation;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What a run shows.
 *
 * @param policy whose choices they were
 * @param response seconds from arrival to end, ascending
 * @param waiting seconds of it that the company of other requests cost: response less what the request takes at its worker alone,
 *     ascending; with one slot, the time in the queue
 * @param classes workers of equal speed, slowest first
 * @param balance of each worker, its share of the work divided by its share of the speed, ascending: 1 is balance
 */
record Figures(String policy, double[] response, double[] waiting, List<SpeedClass> classes, double[] balance) {

    /**
     * Workers of equal speed.
     *
     * @param speed tokens per second of each
     * @param workers how many they are
     * @param speedShare their share of the cluster's speed
     * @param workShare their share of the work
     */
    record SpeedClass(double speed, int workers, double speedShare, double workShare) {
    }

    /** Figures of all requests of a trace but those that only fill the cluster. */
    static Figures of(String policy, Trace trace, Cluster cluster, Simulation.Outcome outcome) {
        int from = trace.counted();
        int size = trace.arrivals().size();
        double[] response = Arrays.copyOfRange(outcome.response(), from, size);
        double[] waiting = new double[size - from];
        double[] work = new double[cluster.workers().size()];
        for (int i = from; i < size; i++) {
            double tokens = trace.arrivals().get(i).work();
            SimulatedWorker worker = cluster.workers().get(outcome.servedBy()[i]);
            work[worker.index()] += tokens;
            // Not below 0, where rounding would bring it.
            waiting[i - from] = Math.max(0, outcome.response()[i] - worker.alone(tokens));
        }
        Arrays.sort(response);
        Arrays.sort(waiting);
        double[] speeds = cluster.workers().stream().mapToDouble(SimulatedWorker::speed).toArray();
        double fair = Arrays.stream(work).sum() / Arrays.stream(speeds).sum();
        double[] balance = IntStream.range(0, speeds.length).mapToDouble(i -> work[i] / speeds[i] / fair).sorted().toArray();
        return new Figures(policy, response, waiting, classes(speeds, work), balance);
    }

    private static List<SpeedClass> classes(double[] speeds, double[] work) {
        double allSpeed = Arrays.stream(speeds).sum();
        double allWork = Arrays.stream(work).sum();
        return Arrays.stream(speeds).distinct().sorted().mapToObj(speed -> {
            int workers = 0;
            double done = 0;
            for (int i = 0; i < speeds.length; i++) {
                if (speeds[i] == speed) {
                    workers++;
                    done += work[i];
                }
            }
            return new SpeedClass(speed, workers, workers * speed / allSpeed, done / allWork);
        }).toList();
    }

    double meanResponse() {
        return Arrays.stream(response).average().orElse(0);
    }

    double meanWaiting() {
        return Arrays.stream(waiting).average().orElse(0);
    }

    /** The least value that so many percent of the values do not exceed. */
    static double percentile(double[] ascending, double percent) {
        return ascending[Math.max(0, (int) Math.ceil(ascending.length * percent / 100) - 1)];
    }
}
