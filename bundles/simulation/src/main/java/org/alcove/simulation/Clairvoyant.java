package org.alcove.simulation;

import java.util.Comparator;
import java.util.List;

/**
 * The choice of somebody who knows how much work every request still is: the worker that would end this one first if nothing came
 * after it; of equals the faster one. No policy can know that, so it is what policies are compared with. It is greedy, not the
 * best of all: it takes no thought for who comes next.
 */
final class Clairvoyant implements Chooser {

    static final String NAME = "clairvoyant";

    private List<SimulatedWorker> fastestFirst = List.of();

    @Override
    public int choose(Job job, Cluster cluster) {
        if (fastestFirst.isEmpty()) {
            fastestFirst = cluster.workers().stream()
                    .sorted(Comparator.comparingDouble(SimulatedWorker::speed).reversed()).toList();
        }
        double now = job.arrival.seconds();
        double work = job.arrival.work();
        SimulatedWorker best = null;
        double bestEnd = Double.POSITIVE_INFINITY;
        // Those with room first: their end is known without looking at what they have.
        for (SimulatedWorker worker : fastestFirst) {
            double end = now + worker.alone(work);
            if (end < bestEnd && worker.hasRoom()) {
                best = worker;
                bestEnd = end;
            }
        }
        for (SimulatedWorker worker : fastestFirst) {
            // Nobody ends a request sooner than without company; of thousands of workers most are ruled out by that.
            if (now + worker.alone(work) < bestEnd && !worker.hasRoom() && now + worker.least(work, now) < bestEnd) {
                double end = worker.endOf(work, now);
                if (end < bestEnd) {
                    best = worker;
                    bestEnd = end;
                }
            }
        }
        return best.index();
    }
}
