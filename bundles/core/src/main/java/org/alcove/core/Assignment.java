package org.alcove.core;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.alcove.api.worker.Failure;
import org.alcove.api.worker.Generation;
import org.alcove.api.worker.GenerationEvent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A request in the hands of a worker. Its choice is held until {@link #close}, which gives it back once. */
final class Assignment implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Assignment.class);
    private static final Duration RETRY = Duration.ofSeconds(5);

    private final CountedChoice choice;
    private final Generation generation;
    private final Blamed blamed = new Blamed();
    private final EventFeed feed;
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile boolean brokenOff;
    private volatile boolean lost;
    private boolean answered;
    private boolean begun;

    Assignment(CountedChoice choice, Generation generation, Time time) {
        this.choice = choice;
        this.generation = generation;
        this.feed = new EventFeed(blamed, time);
        choice.tracked().running().add(this);
        feed.start();
    }

    /** The worker's events; what it does wrong becomes a failure that names its bundle. */
    private final class Blamed implements Generation {

        @Override
        public GenerationEvent next() throws InterruptedException {
            try {
                GenerationEvent event = generation.next();
                return event == null ? broken("stopped without saying why") : event;
            } catch (RuntimeException | LinkageError | AssertionError | StackOverflowError e) {
                if (!closed.get()) {
                    LOG.error("A worker of bundle {} threw while an answer was read", choice.tracked().origin().bundle(), e);
                }
                return broken("threw " + e.getClass().getName() + " in the middle");
            }
        }

        @Override
        public int placeInLine() {
            try {
                return generation.placeInLine();
            } catch (RuntimeException | LinkageError | AssertionError | StackOverflowError e) {
                // It is said to a reader who waits, no more: what is wrong with the worker shows when it is read.
                LOG.debug("A worker of bundle {} threw when asked for a place in line", choice.tracked().origin().bundle(), e);
                return 0;
            }
        }

        private GenerationEvent broken(String deed) {
            brokenOff = true;
            return new GenerationEvent.Failed(new Failure.Internal("the worker of bundle " + choice.tracked().origin().bundle()
                    + " " + deed + " of the answer; the server's log says more"));
        }

        @Override
        public void close() {
            try {
                generation.close();
            } catch (RuntimeException | LinkageError | AssertionError | StackOverflowError e) {
                LOG.error("A worker of bundle {} threw while an answer was closed", choice.tracked().origin().bundle(), e);
            }
        }
    }

    CountedChoice choice() {
        return choice;
    }

    /** The worker's next event; null where it was closed or has no more. */
    GenerationEvent next() throws InterruptedException {
        GenerationEvent event = feed.next();
        begun |= event != null && !(event instanceof GenerationEvent.Failed);
        if (event instanceof GenerationEvent.Delta && !answered) {
            answered = true;
            choice.answered();
        } else if (event instanceof GenerationEvent.Finished) {
            choice.finished();
        }
        return event;
    }

    /** Its place in the worker's line; 0 where it is being computed, or nobody can tell. */
    int placeInLine() {
        return blamed.placeInLine();
    }

    /** Whether the worker has said anything but that it fails. Asked by the reader. */
    boolean begun() {
        return begun;
    }

    /** Whether the answer ended by itself, without the worker saying so: it crashed, was cut off, or hangs. */
    boolean brokenOff() {
        return brokenOff;
    }

    /** For how long nothing has come. */
    Duration silence() {
        return feed.silence();
    }

    /** Gives the worker up. Whoever waits for it is told, and may go on elsewhere. */
    void lose(String why) {
        lost = true;
        brokenOff = true;
        feed.lose(new GenerationEvent.Failed(new Failure.Unavailable(RETRY, why)));
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            choice.tracked().running().remove(this);
            feed.stop();
            try {
                if (lost) {
                    // Who hangs in one call may hang in another.
                    Thread.ofVirtual().name("alcove-relay-close").start(blamed::close);
                } else {
                    blamed.close();
                }
            } finally {
                feed.interrupt();
                choice.close();
            }
        }
    }
}
