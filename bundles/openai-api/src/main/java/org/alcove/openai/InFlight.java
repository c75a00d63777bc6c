package org.alcove.openai;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.alcove.api.worker.Failure;

/**
 * The requests that are answered, or wait for their model, so that a front end that is stopped can let answers run to their end
 * and take nothing new.
 */
final class InFlight {

    private final Set<ParallelChoices> answers = ConcurrentHashMap.newKeySet();
    private int requests;
    /** Why nothing new is taken any more; null as long as it is. */
    private String closed;

    /** @throws ApiException once nothing new is taken any more */
    synchronized void requireOpen() {
        if (closed != null) {
            throw new ApiException(ApiError.closing(closed));
        }
    }

    /**
     * Counts a request, until {@link #leave}.
     *
     * @throws ApiException once nothing new is taken any more
     */
    synchronized void enter() {
        requireOpen();
        requests++;
    }

    synchronized void leave() {
        requests--;
        notifyAll();
    }

    /**
     * Takes the answer to a request that is counted, to cut it where it takes too long.
     *
     * @throws ApiException once nothing new is taken any more
     */
    synchronized void add(ParallelChoices answer) {
        requireOpen();
        answers.add(answer);
    }

    /**
     * Takes nothing new from now on.
     *
     * @param reason what whoever asks is told, and what they may do
     * @return whether that is news
     */
    synchronized boolean close(String reason) {
        if (closed != null) {
            return false;
        }
        closed = reason;
        return true;
    }

    void remove(ParallelChoices answer) {
        answers.remove(answer);
    }

    /** Once closed: waits until none is left, at most that long; then those that are left end with an error. */
    synchronized void drain(Duration limit) throws InterruptedException {
        if (!await(limit)) {
            Failure stopped = new Failure.Unavailable(ApiError.SOON, closed);
            answers.forEach(answer -> answer.cut(stopped));
            await(Duration.ofSeconds(1));
        }
    }

    private synchronized boolean await(Duration limit) throws InterruptedException {
        long end = System.nanoTime() + limit.toNanos();
        while (requests > 0) {
            long millis = (end - System.nanoTime()) / 1_000_000;
            if (millis <= 0) {
                return false;
            }
            wait(millis);
        }
        return true;
    }

    /** How many there are. */
    synchronized int count() {
        return requests;
    }
}
