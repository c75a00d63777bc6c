package org.alcove.api.control;

import java.time.Instant;
import java.util.List;
import org.alcove.api.worker.WorkerStatus;

/**
 * A choice that was made, with what it was made from.
 *
 * @param request id of the request
 * @param model model it asked for
 * @param when the moment of the choice
 * @param policy name of the policy
 * @param candidates workers it could choose from, as they stood
 * @param chosen id of the chosen worker
 * @param reason the policy's reason
 */
public record Dispatch(String request, String model, Instant when, String policy, List<WorkerStatus> candidates, String chosen,
        String reason) {

    public Dispatch {
        candidates = List.copyOf(candidates);
    }
}
