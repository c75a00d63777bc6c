package org.alcove.cluster.front;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The thread that asks the controller again and again which workers there are, and releases tickets meanwhile. */
final class Rounds implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Rounds.class);
    /** Tickets that come shortly after one another are released together. */
    private static final Duration GATHER = Duration.ofMillis(20);

    private final Front front;
    private final Duration interval;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition wanted = lock.newCondition();
    private final Thread thread;
    private boolean stopped;
    private boolean pollNow;
    private boolean flushNow;

    Rounds(Front front, Duration interval) {
        this.front = front;
        this.interval = interval;
        this.thread = Thread.ofPlatform().daemon().name("alcove-cluster-front").unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    /** The workers are to be asked for now. */
    void poll() {
        want(true);
    }

    /** Tickets wait. */
    void flush() {
        want(false);
    }

    private void want(boolean poll) {
        lock.lock();
        try {
            pollNow |= poll;
            flushNow |= !poll;
            wanted.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        long due = System.nanoTime();
        try {
            while (await(due)) {
                release();
                boolean wished = taken();
                if (wished || due - System.nanoTime() <= 0) {
                    round();
                    due = System.nanoTime() + interval.toNanos();
                }
            }
        } catch (InterruptedException e) {
            LOG.debug("No more rounds");
        }
    }

    /** Waits for the next round or a wish; false where there shall be none. */
    private boolean await(long due) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (!stopped && !pollNow && !flushNow) {
                long left = due - System.nanoTime();
                if (left <= 0) {
                    return true;
                }
                wanted.awaitNanos(left);
            }
            if (flushNow && !pollNow && !stopped) {
                wanted.awaitNanos(GATHER.toNanos());
            }
            flushNow = false;
            return !stopped;
        } finally {
            lock.unlock();
        }
    }

    private boolean taken() {
        lock.lock();
        try {
            boolean was = pollNow;
            pollNow = false;
            return was;
        } finally {
            lock.unlock();
        }
    }

    private void release() {
        try {
            front.release();
        } catch (IOException e) {
            LOG.debug("Tickets are kept: {}", e.getMessage());
        }
    }

    private void round() {
        try {
            front.poll();
        } catch (RuntimeException e) {
            LOG.error("Asking for the workers failed; the next round comes", e);
        }
    }

    /** Ends the thread, without waiting for it. */
    @Override
    public void close() {
        lock.lock();
        try {
            stopped = true;
            wanted.signalAll();
        } finally {
            lock.unlock();
        }
        thread.interrupt();
    }
}
