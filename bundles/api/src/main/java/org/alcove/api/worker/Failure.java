package org.alcove.api.worker;

import java.time.Duration;

/** Why a request was not served. The one place that knows all reasons; front ends map them to their protocol. */
public sealed interface Failure {

    /** What happened and what to do next, for the person who asked. Never prompt text. */
    String message();

    /** The request makes no sense. {@code field} names the faulty field as the api spells it, or is empty. */
    record Invalid(String field, String message) implements Failure {
    }

    /** The prompt and the answer do not fit the context. */
    record ContextOverflow(int promptTokens, int answerTokens, int contextTokens) implements Failure {
        @Override
        public String message() {
            if (answerTokens == 0) {
                return "the prompt has " + promptTokens + " tokens, more than the model's context of " + contextTokens
                        + " tokens; shorten it";
            }
            return "the prompt has " + promptTokens + " tokens and the answer may have " + answerTokens
                    + ", together more than the model's context of " + contextTokens
                    + " tokens; shorten the conversation or ask for a shorter answer";
        }
    }

    /** No such model. */
    record UnknownModel(String model, String message) implements Failure {
    }

    /** This model cannot do this kind of request, or not in this way. */
    record Unsupported(String field, String message) implements Failure {
    }

    /** A guard does not let it pass. {@code guard} is its name; the message is its reason. */
    record Refused(String guard, String message) implements Failure {
    }

    /** All workers have as much to do as they accept. */
    record Overloaded(Duration retryAfter, String message) implements Failure {
    }

    /** Nobody can serve it at present: loading, draining, no kernel, no policy, no template. */
    record Unavailable(Duration retryAfter, String message) implements Failure {
    }

    /** The caller did not read its answer, or its deadline passed. */
    record TimedOut(String message) implements Failure {
    }

    /** A fault of ours or of a plug-in; the message names the bundle where one is to blame. */
    record Internal(String message) implements Failure {
    }
}
