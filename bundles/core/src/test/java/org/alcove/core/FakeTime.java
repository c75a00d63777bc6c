package org.alcove.core;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;

/** A time that passes when told to. */
final class FakeTime implements Time {

    private volatile Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private volatile long nanos = 1;

    synchronized void pass(Duration duration) {
        now = now.plus(duration);
        nanos += duration.toNanos();
    }

    /** What happens while somebody waits; the whole time passes. */
    volatile Runnable whileWaiting = () -> { };
    /** Whether no time passes, so that nothing but the signal ends the waiting. */
    volatile boolean stands;
    final CountDownLatch waiting = new CountDownLatch(1);
    final AtomicInteger waits = new AtomicInteger();

    @Override
    public void await(Condition signal, long waited) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        waits.incrementAndGet();
        if (stands) {
            waiting.countDown();
            signal.await();
            return;
        }
        pass(Duration.ofNanos(waited));
        whileWaiting.run();
    }

    @Override
    public Instant now() {
        return now;
    }

    @Override
    public long nanos() {
        return nanos;
    }
}
