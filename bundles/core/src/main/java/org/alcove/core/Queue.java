package org.alcove.core;

import org.alcove.api.worker.WorkerStatus;

/**
 * How many requests a worker has: those counted here, at once and exactly, and those it has from elsewhere, as of its last
 * report. A report tells the sum and is old when it comes: what was counted here since the report before is no more than the
 * most there was in between, and only what the report says beyond that must have come from elsewhere. So a request of our own
 * never counts twice. Thread-safe.
 */
final class Queue {

    private int counted;
    /** The most counted since the last report. */
    private int most;
    private int elsewhere;
    private WorkerStatus report;

    synchronized void enter() {
        counted++;
        most = Math.max(most, counted);
    }

    synchronized void leave() {
        counted--;
    }

    /** The worker says how it stands; the same report again changes nothing. */
    synchronized void reported(WorkerStatus status) {
        if (!status.equals(report)) {
            report = status;
            elsewhere = Math.max(0, status.queueLength() - most);
            most = counted;
        }
    }

    /** Requests counted here. */
    synchronized int counted() {
        return counted;
    }

    /** All requests. */
    synchronized int length() {
        return counted + elsewhere;
    }
}
