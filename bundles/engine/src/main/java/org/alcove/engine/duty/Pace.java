package org.alcove.engine.duty;

import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/** Holds an engine to a number of tokens a second: a step that was quicker than that is followed by a pause. */
final class Pace {

    /** In a longer pause others would take the engine for one that hangs. */
    private static final long MOST_NANOS = 500_000_000;

    private final int tokensPerSecond;
    private final LongSupplier clock;
    private final Runnable beat;
    private final LongConsumer pause;
    private volatile boolean stopped;

    /**
     * @param tokensPerSecond most tokens a second, those of prompts counted in; 0 for no limit
     * @param clock nanoseconds
     * @param beat shows during a pause, twice a second at least, that the engine lives
     */
    Pace(int tokensPerSecond, LongSupplier clock, Runnable beat) {
        this(tokensPerSecond, clock, beat, LockSupport::parkNanos);
    }

    /** @param pause lets at most about that many nanoseconds pass */
    Pace(int tokensPerSecond, LongSupplier clock, Runnable beat, LongConsumer pause) {
        this.tokensPerSecond = tokensPerSecond;
        this.clock = clock;
        this.beat = beat;
        this.pause = pause;
    }

    /** Waits until a step of that many tokens, begun at {@code start}, has taken as long as the limit wants. */
    void hold(int tokens, long start) {
        if (tokensPerSecond == 0) {
            return;
        }
        long due = start + tokens * 1_000_000_000L / tokensPerSecond;
        for (long left = due - clock.getAsLong(); left > 0 && !stopped; left = due - clock.getAsLong()) {
            beat.run();
            pause.accept(Math.min(left, MOST_NANOS));
        }
    }

    /** Waits no more; whoever waits is to be unparked. */
    void stop() {
        stopped = true;
    }
}
