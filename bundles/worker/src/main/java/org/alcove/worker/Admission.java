package org.alcove.worker;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
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
    private final InstantSource clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition empty = lock.newCondition();
    /** In the order of arrival. */
    private final Set<Place> places = new LinkedHashSet<>();
    private boolean closed;
    /** How long a request keeps its place, smoothed; 0 before the first one ended. */
    private double smoothedSeconds;
    /** When a request came or left last; null before the first one. */
    private Instant lastMove;

    Admission(int running, int waiting, InstantSource clock) {
        this.running = running;
        this.waiting = waiting;
        this.clock = clock;
    }

    /** A place; given back exactly once, however often it is closed. */
    final class Place implements AutoCloseable {

        private final long since = System.nanoTime();
        private final int priority;
        /** All guarded by the lock. */
        private boolean begun;
        private Consumer<Failure> occupant;
        private Failure evicted;

        private Place(int priority) {
            this.priority = priority;
        }

        /** The engine has begun with it, and will not make it wait for others any more. */
        void begin() {
            lock.lock();
            try {
                begun = true;
            } finally {
                lock.unlock();
            }
        }

        /** How many are taken up before it, itself counted; 0 where it is not kept waiting. */
        int inLine() {
            lock.lock();
            try {
                return begun || !places.contains(this) ? 0 : before(this);
            } finally {
                lock.unlock();
            }
        }

        /** Who sits here, to be told when the place is wanted back; at once where it is already. */
        void occupy(Consumer<Failure> next) {
            Failure told;
            lock.lock();
            try {
                occupant = next;
                told = evicted;
            } finally {
                lock.unlock();
            }
            if (told != null) {
                next.accept(told);
            }
        }

        @Override
        public void close() {
            lock.lock();
            try {
                if (places.remove(this)) {
                    leave((System.nanoTime() - since) / NANOS);
                }
            } finally {
                lock.unlock();
            }
        }
    }

    /**
     * Takes a place, at once or not at all.
     *
     * @param priority the higher goes first
     * @throws RequestException if there is none, or this is closed
     */
    Place enter(int priority) {
        lock.lock();
        try {
            if (closed) {
                throw new RequestException(new Failure.Unavailable(Duration.ofSeconds(MOST_RETRY_SECONDS / 6),
                        "the worker drains and takes no more requests"));
            }
            if (places.size() >= running + waiting) {
                Duration retry = retryAfter();
                throw new RequestException(new Failure.Overloaded(retry, "the worker has " + places.size()
                        + " requests, and takes " + running + " at once and " + waiting + " more that wait; try again in "
                        + retry.toSeconds() + " s"));
            }
            Place place = new Place(priority);
            places.add(place);
            lastMove = clock.instant();
            return place;
        } finally {
            lock.unlock();
        }
    }

    private int before(Place asked) {
        int begun = 0;
        int before = 1;
        boolean later = false;
        for (Place place : places) {
            later |= place == asked;
            if (place.begun) {
                begun++;
            } else if (place != asked && (place.priority > asked.priority || place.priority == asked.priority && !later)) {
                before++;
            }
        }
        return Math.max(0, before - Math.max(0, running - begun));
    }

    private void leave(double seconds) {
        lastMove = clock.instant();
        smoothedSeconds = smoothedSeconds == 0 ? seconds : smoothedSeconds + SMOOTHING * (seconds - smoothedSeconds);
        if (places.isEmpty()) {
            empty.signalAll();
        }
    }

    /** Requests that have a place. */
    int count() {
        lock.lock();
        try {
            return places.size();
        } finally {
            lock.unlock();
        }
    }

    /** When somebody had a place last: now, where somebody has; empty where nobody ever had. */
    Optional<Instant> lastUse() {
        lock.lock();
        try {
            return places.isEmpty() ? Optional.ofNullable(lastMove) : Optional.of(clock.instant());
        } finally {
            lock.unlock();
        }
    }

    /** Lets in nobody any more, until it is opened again. */
    void close() {
        close(true);
    }

    /** Lets requests in again. */
    void open() {
        close(false);
    }

    private void close(boolean next) {
        lock.lock();
        try {
            closed = next;
        } finally {
            lock.unlock();
        }
    }

    /** Wants all places back, and tells those who sit there why. */
    void evict(Failure why) {
        List<Consumer<Failure>> told = new ArrayList<>();
        lock.lock();
        try {
            for (Place place : places) {
                place.evicted = why;
                if (place.occupant != null) {
                    told.add(place.occupant);
                }
            }
        } finally {
            lock.unlock();
        }
        told.forEach(occupant -> occupant.accept(why));
    }

    /** Waits until nobody has a place; whether that was so within the limit. */
    boolean awaitEmpty(Duration limit) throws InterruptedException {
        lock.lock();
        try {
            long left = limit.toNanos();
            while (!places.isEmpty() && left > 0) {
                left = empty.awaitNanos(left);
            }
            return places.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    /** About when the next place comes free: requests stay so long, and so many are in, so one leaves that often. */
    private Duration retryAfter() {
        long seconds = (long) Math.ceil(smoothedSeconds / Math.max(1, places.size()));
        return Duration.ofSeconds(Math.clamp(seconds, LEAST_RETRY_SECONDS, MOST_RETRY_SECONDS));
    }
}
