package org.alcove.core.guard;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * Calls into guards that may be given up. They run on platform threads, made when first needed: a guard that computes for ever
 * would keep the carrier of a virtual thread, and with a few of those every connection of the server would stand still.
 */
final class TimedCalls implements AutoCloseable {

    private final ExecutorService threads = Executors.newCachedThreadPool(
            Thread.ofPlatform().daemon().inheritInheritableThreadLocals(false).name("alcove-guard-", 0).factory());

    /**
     * What came of a call.
     *
     * @param result what it returned; null where it failed
     * @param fault what it threw
     * @param late whether it was given up
     */
    record Result<T>(T result, Optional<Throwable> fault, boolean late) {
    }

    /**
     * Makes a call and waits for it. An interrupt of the one who waits is kept for afterwards, so that no event is lost.
     *
     * @param overdue counts calls that were given up and have not yet returned
     */
    <T> Result<T> call(Supplier<T> body, Duration bound, AtomicInteger overdue) {
        Call<T> call = new Call<>(body, overdue);
        try {
            threads.execute(call);
        } catch (RejectedExecutionException | OutOfMemoryError e) {
            return new Result<>(null, Optional.of(e), false);
        }
        return call.await(bound);
    }

    /** Whoever still waits for a guard is told that it was interrupted. */
    @Override
    public void close() {
        threads.shutdownNow();
    }

    private static final class Call<T> implements Runnable {

        private final Supplier<T> body;
        private final AtomicInteger overdue;
        private final CountDownLatch done = new CountDownLatch(1);
        /** Guarded by the monitor, as are the two below. */
        private Thread runner;
        private boolean ended;
        private boolean givenUp;
        private volatile Result<T> result;

        Call(Supplier<T> body, AtomicInteger overdue) {
            this.body = body;
            this.overdue = overdue;
        }

        @Override
        public void run() {
            if (begin()) {
                try {
                    result = new Result<>(body.get(), Optional.empty(), false);
                } catch (Throwable e) {
                    result = new Result<>(null, Optional.of(e), false);
                }
            }
            end();
        }

        private synchronized boolean begin() {
            runner = Thread.currentThread();
            return !givenUp;
        }

        private synchronized void end() {
            runner = null;
            ended = true;
            if (givenUp) {
                overdue.decrementAndGet();
            }
            done.countDown();
        }

        Result<T> await(Duration bound) {
            long due = System.nanoTime() + bound.toNanos();
            boolean interrupted = false;
            while (true) {
                try {
                    boolean whole = done.await(due - System.nanoTime(), TimeUnit.NANOSECONDS);
                    if (interrupted) {
                        Thread.currentThread().interrupt();
                    }
                    return whole || !giveUp() ? result : new Result<>(null, Optional.empty(), true);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        }

        /** Whether it was not done after all. The interrupt may not reach what this thread does next. */
        private synchronized boolean giveUp() {
            if (ended) {
                return false;
            }
            givenUp = true;
            overdue.incrementAndGet();
            if (runner != null) {
                runner.interrupt();
            }
            return true;
        }
    }
}
