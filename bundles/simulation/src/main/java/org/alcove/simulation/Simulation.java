package org.alcove.simulation;

import java.util.List;
import java.util.PriorityQueue;

/** Serves a trace on a cluster, from event to event: no time passes but the one computed. */
final class Simulation {

    private final Cluster cluster;
    private final Chooser chooser;
    private final PriorityQueue<End> ends = new PriorityQueue<>();
    private final double[] response;
    private final int[] servedBy;

    private Simulation(int requests, Cluster cluster, Chooser chooser) {
        this.cluster = cluster;
        this.chooser = chooser;
        this.response = new double[requests];
        this.servedBy = new int[requests];
    }

    /**
     * What happened to each request, in the order of arrival.
     *
     * @param response seconds from arrival to end
     * @param servedBy index of the worker
     */
    record Outcome(double[] response, int[] servedBy) {
    }

    /** An end that was foretold; void once the worker has another version. */
    private record End(double time, SimulatedWorker worker, long version) implements Comparable<End> {
        @Override
        public int compareTo(End other) {
            int byTime = Double.compare(time, other.time);
            return byTime != 0 ? byTime : Integer.compare(worker.index(), other.worker.index());
        }
    }

    /** Serves all arrivals, which come in the order of time, to their ends. */
    static Outcome run(List<Arrival> arrivals, Cluster cluster, Chooser chooser) {
        Simulation simulation = new Simulation(arrivals.size(), cluster, chooser);
        for (int i = 0; i < arrivals.size(); i++) {
            simulation.arrive(new Job(i, arrivals.get(i)));
        }
        simulation.endsUntil(Double.POSITIVE_INFINITY);
        return new Outcome(simulation.response, simulation.servedBy);
    }

    private void arrive(Job job) {
        double now = job.arrival.seconds();
        endsUntil(now);
        cluster.arrive(now);
        SimulatedWorker worker = cluster.workers().get(chooser.choose(job, cluster));
        servedBy[job.number] = worker.index();
        worker.add(job, now);
        cluster.began(worker, now);
        foretell(worker);
    }

    private void endsUntil(double limit) {
        while (!ends.isEmpty() && ends.peek().time <= limit) {
            End end = ends.remove();
            if (end.version == end.worker.version()) {
                Job done = end.worker.end(end.time);
                response[done.number] = end.time - done.arrival.seconds();
                cluster.ended(end.worker, end.time);
                foretell(end.worker);
            }
        }
    }

    private void foretell(SimulatedWorker worker) {
        double end = worker.nextEnd();
        if (end < Double.POSITIVE_INFINITY) {
            ends.add(new End(end, worker, worker.version()));
        }
    }
}
