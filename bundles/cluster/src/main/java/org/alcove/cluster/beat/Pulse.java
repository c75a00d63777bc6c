package org.alcove.cluster.beat;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes a step, waits as long as the step says, and takes the next one. */
public final class Pulse implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Pulse.class);
    private static final Duration AFTER_FAULT = Duration.ofSeconds(1);

    private final Supplier<Duration> step;
    private final Thread thread;
    private volatile boolean stopped;
    private volatile boolean woken;

    /**
     * Nothing is done yet.
     *
     * @param step does what is due and says when the next step is
     */
    public Pulse(String name, Supplier<Duration> step) {
        this.step = step;
        this.thread = Thread.ofPlatform().daemon().name(name).unstarted(this::run);
    }

    /** Takes the first step, and then the others. */
    public Pulse start() {
        thread.start();
        return this;
    }

    private void run() {
        while (!stopped) {
            woken = false;
            long due = System.nanoTime() + next().toNanos();
            for (long left = due - System.nanoTime(); left > 0 && !stopped && !woken; left = due - System.nanoTime()) {
                LockSupport.parkNanos(this, left);
                if (Thread.interrupted()) {
                    LOG.trace("an interrupt means nothing here");
                }
            }
        }
    }

    private Duration next() {
        try {
            return step.get();
        } catch (RuntimeException e) {
            LOG.error("A step of {} failed; the next one comes", thread.getName(), e);
            return AFTER_FAULT;
        }
    }

    /** The next step is due now. */
    public void wake() {
        woken = true;
        LockSupport.unpark(thread);
    }

    /** Takes no further step; waits for the one that is being taken, for so long at most. */
    public void stop(Duration limit) throws InterruptedException {
        close();
        if (thread.isAlive()) {
            thread.join(limit);
        }
    }

    /** Takes no further step, and does not wait for the one that is being taken. */
    @Override
    public void close() {
        stopped = true;
        LockSupport.unpark(thread);
    }
}
