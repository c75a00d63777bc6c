package org.alcove.core;

import java.util.Optional;
import org.alcove.api.worker.Failure;
import org.alcove.api.worker.GenerateRequest;

/**
 * What a worker is wanted for.
 *
 * @param request as the worker gets it
 * @param fingerprint what its model must be, where that matters
 * @param refusal why the one before has not done it; the answer where nobody is left
 * @param goesOn whether an answer that was begun goes on: then one that refuses, for whatever reason, is only the wrong one
 */
record Errand(GenerateRequest request, Optional<String> fingerprint, Optional<Failure> refusal, boolean goesOn) {

    /** A request that has just come. */
    static Errand fresh(GenerateRequest request) {
        return new Errand(request, Optional.empty(), Optional.empty(), false);
    }
}
