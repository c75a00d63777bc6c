package org.alcove.core;

import java.util.concurrent.atomic.AtomicBoolean;
import org.alcove.api.control.WorkerChoice;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A worker that was chosen, here or by a controller elsewhere. The request is counted in at it, until this is closed. */
final class CountedChoice implements WorkerChoice {

    private static final Logger LOG = LoggerFactory.getLogger(CountedChoice.class);

    private final TrackedWorker tracked;
    private final String worker;
    private final String reason;
    private final boolean trial;
    private final Runnable release;
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile boolean judged;

    private CountedChoice(TrackedWorker tracked, String worker, String reason, Runnable release) {
        this.tracked = tracked;
        this.worker = worker;
        this.reason = reason;
        this.release = release;
        tracked.countIn();
        this.trial = tracked.rest().begin();
    }

    /** Chosen here. */
    static CountedChoice own(TrackedWorker tracked, String worker, String reason) {
        return new CountedChoice(tracked, worker, reason, () -> { });
    }

    /** Chosen elsewhere, and counted there, too. */
    static CountedChoice of(TrackedWorker tracked, WorkerChoice elsewhere) {
        return new CountedChoice(tracked, elsewhere.worker(), String.valueOf(elsewhere.reason()), elsewhere::close);
    }

    TrackedWorker tracked() {
        return tracked;
    }

    /** Whether the worker has begun to rest, or its trial was given to another request, since it was chosen. */
    boolean cameTooEarly() {
        return tracked.rest().bars(trial);
    }

    /** The first of the answer has come. */
    void answered() {
        judged = true;
        tracked.rest().answered(trial);
    }

    /** The answer has come whole. */
    void finished() {
        tracked.rest().finished(worker);
    }

    /** The worker has failed. */
    void failed(String why, Settings settings) {
        judged = true;
        tracked.rest().failed(trial, worker, why, settings.rest());
    }

    @Override
    public String worker() {
        return worker;
    }

    @Override
    public String reason() {
        return reason;
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            tracked.countOut();
            if (!judged) {
                tracked.rest().left(trial);
            }
            try {
                release.run();
            } catch (RuntimeException | LinkageError | AssertionError | StackOverflowError e) {
                LOG.error("The one who chose worker {} threw when its choice was given back", worker, e);
            }
        }
    }
}
