package org.alcove.api.scheduling;

import java.util.List;
import java.util.random.RandomGenerator;
import org.alcove.api.worker.Request;
import org.alcove.api.worker.WorkerStatus;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Chooses who serves a request. Pure: sees a snapshot and a random source, and returns one of the candidates with the reason.
 * It keeps no counts; {@code core} counts a chosen worker's queue up at once and down when the request ends.
 * Published as a service with the property {@link PolicyName}.
 */
@ConsumerType
public interface SchedulingPolicy {

    /**
     * Chooses a worker.
     *
     * @param request what is to be served; policies may look at its priority, tenant and prefix hint
     * @param candidates workers that serve the model and accept requests, in the order in which they registered; never empty
     * @param random the only randomness to use
     */
    Choice choose(Request request, List<WorkerStatus> candidates, RandomGenerator random);
}
