package org.alcove.cluster.wire;

import java.time.Duration;
import org.alcove.api.worker.Failure;

/** The numbers by which FastChat's processes name errors. */
public final class FastChatErrors {

    /** No error. */
    public static final int NONE = 0;
    /** The request makes no sense. */
    public static final int VALIDATION = 40001;
    /** No such model. */
    public static final int INVALID_MODEL = 40301;
    /** A parameter is out of range. */
    public static final int OUT_OF_RANGE = 40302;
    /** Prompt and answer do not fit the context. */
    public static final int CONTEXT_OVERFLOW = 40303;
    /** Too many requests from this caller. */
    public static final int RATE_LIMIT = 42901;
    /** The caller has used up what it may. */
    public static final int QUOTA = 42902;
    /** Too many requests from all. */
    public static final int OVERLOADED = 42903;
    /** A fault of the worker. */
    public static final int INTERNAL = 50001;
    /** The worker's device has no memory left. */
    public static final int OUT_OF_MEMORY = 50002;
    /** The controller knows no worker. */
    public static final int NO_WORKER = 50005;
    /** A worker did not answer its controller. */
    public static final int WORKER_TIMEOUT = 50006;

    private static final int FIRST_KEY_ERROR = 40101;
    private static final int LAST_KEY_ERROR = 40103;
    private static final Duration RETRY = Duration.ofSeconds(1);

    private FastChatErrors() {
    }

    /** The number for a failure. */
    public static int code(Failure failure) {
        return switch (failure) {
            case Failure.Invalid f -> VALIDATION;
            case Failure.Refused f -> VALIDATION;
            case Failure.Unsupported f -> OUT_OF_RANGE;
            case Failure.ContextOverflow f -> CONTEXT_OVERFLOW;
            case Failure.UnknownModel f -> INVALID_MODEL;
            case Failure.Overloaded f -> OVERLOADED;
            case Failure.Unavailable f -> NO_WORKER;
            case Failure.TimedOut f -> WORKER_TIMEOUT;
            case Failure.Internal f -> INTERNAL;
        };
    }

    /**
     * The failure for a number. The text that comes with it is not passed on: it is another program's and may quote the prompt.
     *
     * @param model the model that was asked for
     * @param who the worker that said so
     */
    public static Failure failure(int code, String model, String who) {
        String said = who + " answers with error " + code;
        return switch (code) {
            case INVALID_MODEL -> new Failure.UnknownModel(model, said + ": it does not serve the model");
            case VALIDATION -> new Failure.Invalid("", said + ": it finds the request invalid");
            case OUT_OF_RANGE -> new Failure.Invalid("", said + ": a parameter is out of its range");
            case CONTEXT_OVERFLOW -> new Failure.Invalid("messages", said
                    + ": prompt and answer do not fit its context; shorten the conversation or ask for a shorter answer");
            case RATE_LIMIT, QUOTA, OVERLOADED -> new Failure.Overloaded(RETRY, said + ": it has as much to do as it accepts");
            case OUT_OF_MEMORY -> new Failure.Unavailable(RETRY, said + ": its memory is full");
            case NO_WORKER, WORKER_TIMEOUT -> new Failure.Unavailable(RETRY, said + ": no worker serves the request");
            default -> code >= FIRST_KEY_ERROR && code <= LAST_KEY_ERROR
                    ? new Failure.Unavailable(RETRY, said + ": it wants a key")
                    : new Failure.Internal(said + "; its log says more");
        };
    }
}
