package org.alcove.web.stopping;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** The answers being written, so that a front end that stops can let them run to their end and take nothing new. Thread-safe. */
public final class InFlight {

    /** How long answers that were cut have to say so. */
    private static final Duration GOODBYE = Duration.ofSeconds(1);

    private final Set<Answer> answers = new HashSet<>();
    /** Why nothing new is taken any more; null as long as it is. */
    private String closed;
    private long closedNanos;

    /** An answer being written. */
    @FunctionalInterface
    public interface Answer {

        /**
         * Ends it before it is whole, from another thread.
         *
         * @param reason why, and what whoever asked may do
         */
        void cut(String reason);
    }

    /** @throws ClosedException once nothing new is taken any more */
    public synchronized void requireOpen() {
        if (closed != null) {
            throw new ClosedException(closed);
        }
    }

    /** @throws ClosedException once nothing new is taken any more */
    public synchronized void add(Answer answer) {
        requireOpen();
        answers.add(answer);
    }

    /** It has ended, or was never there. */
    public synchronized void remove(Answer answer) {
        answers.remove(answer);
        notifyAll();
    }

    /**
     * Takes nothing new from now on. Only the first time counts.
     *
     * @param reason what whoever asks is told, and what they may do
     */
    public synchronized void close(String reason) {
        if (closed == null) {
            closed = reason;
            closedNanos = System.nanoTime();
        }
    }

    /** How many are being written. */
    public synchronized int count() {
        return answers.size();
    }

    /**
     * Once closed: waits until none is left, until that long after it was closed at most; then those that are left end with an
     * error. Harmless when called twice.
     */
    public void drain(Duration limit) throws InterruptedException {
        if (!await(closedAt() + limit.toNanos())) {
            left().forEach(answer -> answer.cut(reason()));
            await(System.nanoTime() + GOODBYE.toNanos());
        }
    }

    private synchronized long closedAt() {
        return closedNanos;
    }

    private synchronized String reason() {
        return closed;
    }

    private synchronized List<Answer> left() {
        return List.copyOf(answers);
    }

    private synchronized boolean await(long until) throws InterruptedException {
        while (!answers.isEmpty()) {
            long left = until - System.nanoTime();
            if (left <= 0) {
                return false;
            }
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
        return true;
    }
}
