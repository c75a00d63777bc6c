package org.alcove.openai;

import java.time.Duration;

/** When a client that hears nothing is to hear something. */
final class PingClock {

    private final Duration every;
    private long heard = System.nanoTime();

    PingClock(Duration every) {
        this.every = every;
    }

    /** The client heard something. */
    void heard() {
        heard = System.nanoTime();
    }

    /** How long nothing need be said yet; zero where a ping is due. */
    Duration left() {
        Duration left = every.minusNanos(System.nanoTime() - heard);
        return left.isNegative() ? Duration.ZERO : left;
    }

    boolean due() {
        return left().isZero();
    }
}
