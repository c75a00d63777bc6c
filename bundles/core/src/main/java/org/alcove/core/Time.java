package org.alcove.core;

import java.time.Instant;

/** What time it is. */
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
    };

    /** The time of day, which may be set back and forth. */
    Instant now();

    /** Nanoseconds since some moment, which only go forward; for durations. */
    long nanos();
}
