package org.alcove.scheduler.shortestqueue;

import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;
import org.alcove.api.scheduling.Choice;
import org.alcove.api.scheduling.PolicyName;
import org.alcove.api.scheduling.SchedulingPolicy;
import org.alcove.api.worker.Request;
import org.alcove.api.worker.WorkerStatus;
import org.osgi.service.component.annotations.Component;

/**
 * Takes the worker with the smallest queue for its speed: requests divided by tokens per second. Of equals the faster one, then
 * the one that registered first. A speed that is no positive number counts as the slowest there is.
 */
@Component
@PolicyName("shortest_queue")
public final class ShortestQueuePolicy implements SchedulingPolicy {

    @Override
    public Choice choose(Request request, List<WorkerStatus> candidates, RandomGenerator random) {
        WorkerStatus best = candidates.getFirst();
        for (WorkerStatus candidate : candidates) {
            if (compare(candidate, best) < 0) {
                best = candidate;
            }
        }
        return new Choice(best, String.format(Locale.ROOT, "%d requests at %.4g tokens/s, the shortest queue of %d",
                best.queueLength(), best.speed(), candidates.size()));
    }

    /** Negative where the first is the better one. */
    private static int compare(WorkerStatus first, WorkerStatus second) {
        int byWait = Double.compare(wait(first), wait(second));
        return byWait != 0 ? byWait : Double.compare(speed(second), speed(first));
    }

    private static double wait(WorkerStatus worker) {
        return Math.max(0, worker.queueLength()) / speed(worker);
    }

    private static double speed(WorkerStatus worker) {
        double speed = worker.speed();
        return speed > 0 ? Math.min(speed, Double.MAX_VALUE) : Double.MIN_VALUE;
    }
}
