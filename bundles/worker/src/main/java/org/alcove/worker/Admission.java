package org.alcove.worker;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import org.alcove.api.worker.Failure;
import org.alcove.api.worker.RequestException;

/** Lets in as many requests as run and wait at once, and refuses the rest at the door. Thread-safe. */
final class Admission {

    private static final double SMOOTHING = 0.2;
    private static final long LEAST_RETRY_SECONDS = 1;
    private static final long MOST_RETRY_SECONDS = 60;

    private final int limit;
    private final int running;
    private final Semaphore places;
    private double smoothedSeconds;

    Admission(int running, int waiting) {
        this.running = running;
        this.limit = running + waiting;
        this.places = new Semaphore(limit);
    }

    /** A place; given back exactly once, however often it is closed. */
    final class Place implements AutoCloseable {

        private final AtomicBoolean given = new AtomicBoolean();
        private final long since = System.nanoTime();

        @Override
        public void close() {
            if (given.compareAndSet(false, true)) {
                learn((System.nanoTime() - since) / 1e9);
                places.release();
            }
        }
    }

    /**
     * Takes a place.
     *
     * @throws RequestException if there is none
     */
    Place enter() {
        if (!places.tryAcquire()) {
            throw new RequestException(new Failure.Overloaded(retryAfter(), "the worker has " + limit
                    + " requests already, the most it accepts; try again in " + retryAfter().toSeconds() + " s"));
        }
        return new Place();
    }

    /** Requests that have a place. */
    int count() {
        return limit - places.availablePermits();
    }

    private synchronized void learn(double seconds) {
        smoothedSeconds += SMOOTHING * (seconds - smoothedSeconds);
    }

    /** About when the next place comes free: requests last so long, and so many run side by side. */
    private synchronized Duration retryAfter() {
        long seconds = (long) Math.ceil(smoothedSeconds / running);
        return Duration.ofSeconds(Math.clamp(seconds, LEAST_RETRY_SECONDS, MOST_RETRY_SECONDS));
    }
}
