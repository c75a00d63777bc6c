package com.example.policy;

import java.util.List;
import java.util.random.RandomGenerator;
import org.alcove.api.scheduling.Choice;
import org.alcove.api.scheduling.PolicyName;
import org.alcove.api.scheduling.SchedulingPolicy;
import org.alcove.api.worker.Request;
import org.alcove.api.worker.WorkerStatus;
import org.osgi.service.component.annotations.Component;

/**
 * Requests that probably share a prompt prefix go to the same worker as long as it is there; the others go anywhere. The worker
 * with the largest hash of hint and id is taken, so that one that leaves moves its own requests only.
 */
@Component
@PolicyName("mine")
public final class SamePrefixPolicy implements SchedulingPolicy {

    @Override
    public Choice choose(Request request, List<WorkerStatus> candidates, RandomGenerator random) {
        String hint = request.context().prefixHint();
        if (hint.isEmpty()) {
            return new Choice(candidates.get(random.nextInt(candidates.size())), "no hint: 1 of " + candidates.size());
        }
        WorkerStatus best = candidates.getFirst();
        for (WorkerStatus candidate : candidates) {
            if (hash(hint, candidate) > hash(hint, best)) {
                best = candidate;
            }
        }
        return new Choice(best, "the worker of this hint, of " + candidates.size());
    }

    private static long hash(String hint, WorkerStatus worker) {
        return (hint + '\n' + worker.id()).hashCode() * 0x9E3779B97F4A7C15L;
    }
}
