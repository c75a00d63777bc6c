package org.alcove.core;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.alcove.api.worker.Failure;
import org.alcove.api.worker.Generation;
import org.alcove.api.worker.GenerationEvent;

/**
 * Events of a worker on their way to the reader. They are fetched on a virtual thread, an event or two ahead of the reader, so
 * that one who waits for a worker that hangs can be told that it is lost. Read by one thread; stopped by any.
 */
final class EventFeed {

    private final Generation source;
    private final Time time;
    private final Thread thread;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition change = lock.newCondition();
    /** All guarded by the lock. */
    private GenerationEvent waiting;
    private GenerationEvent loss;
    private boolean over;
    private boolean stopped;
    private long heard;

    /** @param source throws nothing but {@link InterruptedException}, and returns null after the last event only */
    EventFeed(Generation source, Time time) {
        this.source = source;
        this.time = time;
        this.heard = time.nanos();
        this.thread = Thread.ofVirtual().name("alcove-relay").unstarted(this::fetch);
    }

    void start() {
        thread.start();
    }

    private void fetch() {
        try {
            GenerationEvent event;
            do {
                event = source.next();
                if (!put(event)) {
                    return;
                }
            } while (event != null && !isLast(event));
        } catch (InterruptedException e) {
            lose(new GenerationEvent.Failed(new Failure.Internal("reading the answer from its worker was interrupted")));
        }
    }

    private static boolean isLast(GenerationEvent event) {
        return event instanceof GenerationEvent.Finished || event instanceof GenerationEvent.Failed;
    }

    /** Whether anybody wants more; waits until the one before was taken. */
    private boolean put(GenerationEvent event) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            heard = time.nanos();
            while (waiting != null && !stopped) {
                change.await();
            }
            waiting = event;
            heard = time.nanos();
            over = event == null;
            change.signalAll();
            return !stopped;
        } finally {
            lock.unlock();
        }
    }

    /** Waits for the next event; null where there is none any more. What came before a loss is given first. */
    GenerationEvent next() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (waiting == null && loss == null && !over && !stopped) {
                change.await();
            }
            if (stopped || waiting == null && loss == null) {
                return null;
            }
            GenerationEvent event = waiting == null ? loss : waiting;
            waiting = null;
            over = isLast(event);
            change.signalAll();
            return event;
        } finally {
            lock.unlock();
        }
    }

    /** The worker is lost: a reader who waits is told this event instead of what will not come. */
    void lose(GenerationEvent.Failed event) {
        lock.lock();
        try {
            loss = loss == null ? event : loss;
            change.signalAll();
        } finally {
            lock.unlock();
        }
        thread.interrupt();
    }

    /** For how long nothing has come; nothing where the reader has yet to take what came. */
    Duration silence() {
        lock.lock();
        try {
            return waiting != null || over ? Duration.ZERO : Duration.ofNanos(Math.max(0, time.nanos() - heard));
        } finally {
            lock.unlock();
        }
    }

    /** Nobody reads any more. */
    void stop() {
        lock.lock();
        try {
            stopped = true;
            change.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Ends the thread, should it still wait for the worker. */
    void interrupt() {
        thread.interrupt();
    }
}
