package org.alcove.openai;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.alcove.api.worker.Failure;

/** The answers being written, so that a front end that is stopped can let them run to their end. */
final class InFlight {

    private static final Failure STOPPED = new Failure.Unavailable(Duration.ofSeconds(1),
            "this front end is being stopped or replaced; send the request again");

    private final Set<ParallelChoices> answers = ConcurrentHashMap.newKeySet();

    void add(ParallelChoices answer) {
        answers.add(answer);
    }

    synchronized void remove(ParallelChoices answer) {
        answers.remove(answer);
        notifyAll();
    }

    /** Waits until none is left, at most that long; then those that are left end with an error. */
    synchronized void drain(Duration limit) throws InterruptedException {
        if (!await(limit)) {
            answers.forEach(answer -> answer.cut(STOPPED));
            await(Duration.ofSeconds(1));
        }
    }

    private synchronized boolean await(Duration limit) throws InterruptedException {
        long end = System.nanoTime() + limit.toNanos();
        while (!answers.isEmpty()) {
            long millis = (end - System.nanoTime()) / 1_000_000;
            if (millis <= 0) {
                return false;
            }
            wait(millis);
        }
        return true;
    }

    /** How many are being written. */
    int count() {
        return answers.size();
    }
}
