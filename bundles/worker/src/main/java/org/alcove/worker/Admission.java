package org.alcove.worker;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.alcove.api.worker.Failure;
import org.alcove.api.worker.RequestException;

/**
 * Lets in as many requests as run and wait at once, and refuses the rest at the door. Which of those that are in run is the
 * engine's to say: it takes {@code max_running} of them into its steps, by priority, then in the order of arrival. Thread-safe.
 */
final class Admission {

    private static final double SMOOTHING = 0.2;
    private static final double NANOS = 1e9;
    private static final long LEAST_RETRY_SECONDS = 1;
    private static final long MOST_RETRY_SECONDS = 60;

    private final int running;
    private final int waiting;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition empty = lock.newCondition();
    private int count;
    private boolean closed;
    /** How long a request keeps its place, smoothed; 0 before the first one ended. */
    private double smoothedSeconds;

    Admission(int running, int waiting) {
        this.running = running;
        this.waiting = waiting;
    }

    /** A place; given back exactly once, however often it is closed. */
    final class Place implements AutoCloseable {

        private final AtomicBoolean given = new AtomicBoolean();
        private final long since = System.nanoTime();

        @Override
        public void close() {
            if (given.compareAndSet(false, true)) {
                leave((System.nanoTime() - since) / NANOS);
            }
        }
    }

    /**
     * Takes a place, at once or not at all.
     *
     * @throws RequestException if there is none, or this is closed
     */
    Place enter() {
        lock.lock();
        try {
            if (closed) {
                throw new RequestException(new Failure.Unavailable(Duration.ofSeconds(MOST_RETRY_SECONDS / 6),
                        "the model is being stopped and takes no more requests"));
            }
            if (count >= running + waiting) {
                Duration retry = retryAfter();
                throw new RequestException(new Failure.Overloaded(retry, "the worker has " + count + " requests, and takes "
                        + running + " at once and " + waiting + " more that wait; try again in " + retry.toSeconds() + " s"));
            }
            count++;
            return new Place();
        } finally {
            lock.unlock();
        }
    }

    private void leave(double seconds) {
        lock.lock();
        try {
            smoothedSeconds = smoothedSeconds == 0 ? seconds : smoothedSeconds + SMOOTHING * (seconds - smoothedSeconds);
            count--;
            if (count == 0) {
                empty.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Requests that have a place. */
    int count() {
        lock.lock();
        try {
            return count;
        } finally {
            lock.unlock();
        }
    }

    /** Lets in nobody any more. */
    void close() {
        lock.lock();
        try {
            closed = true;
        } finally {
            lock.unlock();
        }
    }

    /** Waits until nobody has a place; whether that was so within the limit. */
    boolean awaitEmpty(Duration limit) throws InterruptedException {
        lock.lock();
        try {
            long left = limit.toNanos();
            while (count > 0 && left > 0) {
                left = empty.awaitNanos(left);
            }
            return count == 0;
        } finally {
            lock.unlock();
        }
    }

    /** About when the next place comes free: requests stay so long, and so many are in, so one leaves that often. */
    private Duration retryAfter() {
        long seconds = (long) Math.ceil(smoothedSeconds / Math.max(1, count));
        return Duration.ofSeconds(Math.clamp(seconds, LEAST_RETRY_SECONDS, MOST_RETRY_SECONDS));
    }
}
