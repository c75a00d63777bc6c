package org.alcove.cluster.stream;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import org.alcove.api.worker.Failure;
import org.alcove.api.worker.Generation;
import org.alcove.api.worker.GenerationEvent;
import org.alcove.api.worker.RequestException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads an answer on a thread of its own, so that who writes it on can wait for a limited time. Reads ahead by a few events only:
 * who does not take them holds up the answer, as if it were read directly.
 */
public final class EventPump implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(EventPump.class);
    private static final int AHEAD = 64;

    private final Generation generation;
    private final Queue<GenerationEvent> events = new ArrayDeque<>();
    private final Thread thread;
    private boolean ended;
    private boolean closed;

    /** Begins to read; the answer is closed with this. */
    public EventPump(Generation generation) {
        this.generation = generation;
        this.thread = Thread.ofVirtual().name("alcove-answer").start(this::read);
    }

    private void read() {
        try {
            GenerationEvent event = generation.next();
            while (event != null && put(event) && !last(event)) {
                event = generation.next();
            }
        } catch (InterruptedException e) {
            LOG.trace("an answer is read no further");
        } catch (RequestException e) {
            end(e.failure());
        } catch (RuntimeException | LinkageError | AssertionError | StackOverflowError e) {
            LOG.error("A worker threw while it wrote an answer", e);
            end(new Failure.Internal("the worker failed while it wrote the answer; its log says more"));
        } finally {
            finish();
        }
    }

    /** Whether none comes after it. */
    public static boolean last(GenerationEvent event) {
        return event instanceof GenerationEvent.Finished || event instanceof GenerationEvent.Failed;
    }

    private void end(Failure failure) {
        synchronized (this) {
            events.add(new GenerationEvent.Failed(failure));
        }
    }

    private synchronized void finish() {
        ended = true;
        notifyAll();
    }

    private synchronized boolean put(GenerationEvent event) throws InterruptedException {
        while (events.size() >= AHEAD && !closed) {
            wait();
        }
        events.add(event);
        notifyAll();
        return !closed;
    }

    /** The next event; null where none came in time, or none will come any more ({@link #over()}). */
    public synchronized GenerationEvent next(Duration patience) throws InterruptedException {
        long until = System.nanoTime() + patience.toNanos();
        while (events.isEmpty() && !ended) {
            long left = until - System.nanoTime();
            if (left <= 0) {
                return null;
            }
            wait(left / 1_000_000, (int) (left % 1_000_000));
        }
        notifyAll();
        return events.poll();
    }

    /** An event that is there already, or null. */
    public synchronized GenerationEvent ready() {
        notifyAll();
        return events.poll();
    }

    /** Whether all events were taken and none will come. */
    public synchronized boolean over() {
        return ended && events.isEmpty();
    }

    /** Cancels what is not yet written. */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            notifyAll();
        }
        thread.interrupt();
        generation.close();
    }
}
