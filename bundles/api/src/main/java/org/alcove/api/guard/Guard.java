package org.alcove.api.guard;

import java.util.Optional;
import org.alcove.api.worker.GenerateRequest;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Looks at each request before a worker is chosen for it, and at its answer while it is written; may refuse the one and end the
 * other. Published as a service with the property {@link GuardName}. The guards that are installed are asked in the order of
 * their {@code service.ranking}, the highest first, until one says no.
 *
 * <p>A guard is asked by many threads at once. One that throws, returns null or takes too long has said no: its request gets 503,
 * its answer ends with an error, and both name its bundle. It changes nothing about a request or an answer, keeps no text of
 * either longer than the answer lasts, and writes none of it anywhere: not in logs, exceptions or the reason of a refusal.
 */
@ConsumerType
public interface Guard {

    /**
     * Judges a request. Everything that a stranger wrote is in {@link GenerateRequest#input()}: the messages and the arguments of
     * the template, a text, or token ids, which are no text and can be refused by a guard that cannot read them.
     */
    Verdict judge(GenerateRequest request);

    /**
     * Begins to watch the answer to a request that this guard has let pass; empty where the answer is none of its business, which
     * costs nothing then. Asked once for each answer: a request for three choices is three requests with an answer each.
     */
    default Optional<AnswerWatch> watch(GenerateRequest request) {
        return Optional.empty();
    }
}
