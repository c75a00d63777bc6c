package org.alcove.core;

import java.util.Optional;
import java.util.function.Predicate;
import org.alcove.api.worker.ModelCard;
import org.alcove.api.worker.WorkerStatus;

/**
 * Which workers a request may be given to.
 *
 * @param model name of its model
 * @param excluded those that have refused it or failed it
 * @param fingerprint what the worker's model must be, where that matters
 */
record Wish(String model, Predicate<WorkerRegistry.Candidate> excluded, Optional<String> fingerprint) {

    boolean meets(WorkerRegistry.Candidate candidate) {
        return candidate.status().state() == WorkerStatus.State.READY && candidate.status().models().contains(model)
                && objection(candidate).isEmpty();
    }

    /** Why a worker that is ready cannot be given the request, for people. */
    Optional<String> objection(WorkerRegistry.Candidate candidate) {
        if (excluded.test(candidate)) {
            return Optional.of("has refused or failed this request");
        }
        Optional<String> serves = candidate.tracked().card().map(ModelCard::fingerprint);
        return fingerprint.isEmpty() || fingerprint.equals(serves) ? Optional.empty()
                : Optional.of("has other weights or numerics (" + serves.orElse("unknown") + ") and would write another text");
    }
}
