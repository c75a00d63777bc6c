package org.alcove.api.control;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.alcove.api.worker.Failure;
import org.alcove.api.worker.GenerationEvent;
import org.osgi.annotation.versioning.ConsumerType;

/** Is told of every request when it ends, for logs and figures. A service; called on the request's own thread, so be quick. */
@ConsumerType
public interface RequestObserver {

    /** A request ended. */
    void ended(Record record);

    /**
     * A request, without a word of its text.
     *
     * @param id id of the request
     * @param tenant who asked, or empty
     * @param model model it asked for
     * @param worker id of the worker that served it last, or empty
     * @param arrived when it came
     * @param firstToken from arrival to the first token, where one came
     * @param total from arrival to the end
     * @param promptTokens tokens of the prompt; 0 where it was refused before they were counted
     * @param answerTokens tokens of the answer
     * @param outcome how it ended
     */
    record Record(String id, String tenant, String model, String worker, Instant arrived, Optional<Duration> firstToken,
            Duration total, int promptTokens, int answerTokens, Outcome outcome) {
    }

    /** How a request ended. */
    sealed interface Outcome {

        /** The answer is whole. */
        record Done(GenerationEvent.Reason reason) implements Outcome {
        }

        /** The caller went away or cancelled. */
        record Cancelled() implements Outcome {
        }

        /** It failed. */
        record Broken(Failure failure) implements Outcome {
        }
    }
}
