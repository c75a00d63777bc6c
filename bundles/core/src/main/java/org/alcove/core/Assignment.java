package org.alcove.core;

import java.util.concurrent.atomic.AtomicBoolean;
import org.alcove.api.worker.Generation;
import org.alcove.api.worker.GenerationEvent;
import org.alcove.api.worker.Failure;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A request in the hands of a worker. The worker was counted in; {@link #close} counts it out, once. */
final class Assignment implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Assignment.class);

    private final TrackedWorker worker;
    private final Generation generation;
    private final AtomicBoolean closed = new AtomicBoolean();

    Assignment(TrackedWorker worker, Generation generation) {
        this.worker = worker;
        this.generation = generation;
    }

    /** The worker's next event; what it does wrong becomes a failure that names its bundle. Null where it has no more. */
    GenerationEvent next() throws InterruptedException {
        try {
            return generation.next();
        } catch (RuntimeException | LinkageError | AssertionError | StackOverflowError e) {
            LOG.error("A worker of bundle {} threw while an answer was read", worker.origin().bundle(), e);
            return new GenerationEvent.Failed(new Failure.Internal(blame("threw " + e.getClass().getName() + " in the middle")));
        }
    }

    /** What to say where the events end without an end. */
    GenerationEvent.Failed cutOff() {
        return new GenerationEvent.Failed(new Failure.Internal(blame("stopped without saying why")));
    }

    private String blame(String deed) {
        return "the worker of bundle " + worker.origin().bundle() + " " + deed + " of the answer; the server's log says more";
    }

    /** Whether {@link #close} was called. */
    boolean closed() {
        return closed.get();
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            worker.countOut();
            try {
                generation.close();
            } catch (RuntimeException | LinkageError | AssertionError | StackOverflowError e) {
                LOG.error("A worker of bundle {} threw while an answer was closed", worker.origin().bundle(), e);
            }
        }
    }
}
