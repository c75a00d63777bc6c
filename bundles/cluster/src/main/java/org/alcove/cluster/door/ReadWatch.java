package org.alcove.cluster.door;

import java.time.Duration;

/**
 * Interrupts a thread that reads for too long. The container's own limit is for silence, and a body that comes byte by byte is
 * never silent.
 */
final class ReadWatch implements AutoCloseable {

    private final Thread reader = Thread.currentThread();
    private final long until;
    private boolean over;
    private boolean fired;

    /** Watches the calling thread from now on. */
    ReadWatch(Duration limit) {
        this.until = System.nanoTime() + limit.toNanos();
        Thread.ofVirtual().name("alcove-read-watch").start(this::watch);
    }

    private synchronized void watch() {
        try {
            long left = until - System.nanoTime();
            while (!over && left > 0) {
                wait(left / 1_000_000, (int) (left % 1_000_000));
                left = until - System.nanoTime();
            }
        } catch (InterruptedException e) {
            // Nobody knows this thread; whoever interrupts it wants it to end.
            return;
        }
        if (!over) {
            fired = true;
            reader.interrupt();
        }
    }

    /** Whether the time was over while the thread still read. */
    synchronized boolean fired() {
        return fired;
    }

    /** The thread reads no more and is not interrupted later. */
    @Override
    public synchronized void close() {
        over = true;
        notifyAll();
        if (fired) {
            Thread.interrupted();
        }
    }
}
