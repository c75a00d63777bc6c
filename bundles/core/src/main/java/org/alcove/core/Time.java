package org.alcove.core;

import java.time.Instant;
import java.util.concurrent.locks.Condition;

/** What time it is, and how it passes. */
interface Time {

    /** The clock of this machine. */
    Time SYSTEM = new Time() {
        @Override
        public Instant now() {
            return Instant.now();
        }

        @Override
        public long nanos() {
            return System.nanoTime();
        }

        @Override
        public void await(Condition signal, long nanos) throws InterruptedException {
            // Whoever waits looks again, whatever has ended the waiting.
            signal.awaitNanos(nanos);
        }
    };

    /** The time of day, which may be set back and forth. */
    Instant now();

    /** Nanoseconds since some moment, which only go forward; for durations. */
    long nanos();

    /** Waits for a signal, for so long at most; the lock of the signal is held. */
    void await(Condition signal, long nanos) throws InterruptedException;
}
