package org.alcove.weights.store;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A few threads that work side by side through numbered pieces and give way to everybody else: answers that are being written
 * keep the processors. Made for one piece of work and gone after it.
 */
final class CopyCrew {

    /** More would only compete for memory, which is what copying waits for. */
    private static final int MOST_THREADS = 4;

    private final int pieces;
    private final Piece work;
    private final AtomicInteger next = new AtomicInteger();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean stopped;
    private Throwable thrown;

    private CopyCrew(int pieces, Piece work) {
        this.pieces = pieces;
        this.work = work;
    }

    /** How many threads this machine is worth. */
    static int threads() {
        return Math.min(MOST_THREADS, Runtime.getRuntime().availableProcessors());
    }

    /**
     * Does all pieces, in no particular order, and returns when no thread is left.
     *
     * @throws IOException what the first piece that failed threw; pieces that were not begun are not done
     * @throws ClosedByInterruptException if the caller was interrupted, which interrupts all pieces
     */
    static void run(int threads, int pieces, Piece work) throws IOException {
        CopyCrew crew = new CopyCrew(pieces, work);
        for (int i = 0; i < Math.min(threads, pieces); i++) {
            crew.threads.add(Thread.ofPlatform().daemon().name("alcove-copy-" + i).priority(Thread.MIN_PRIORITY)
                    .start(crew::work));
        }
        boolean interrupted = crew.join();
        if (interrupted) {
            Thread.currentThread().interrupt();
            throw new ClosedByInterruptException();
        }
        crew.rethrow();
    }

    private void work() {
        LowPriority.enter();
        try {
            for (int piece = next.getAndIncrement(); piece < pieces && !stopped; piece = next.getAndIncrement()) {
                work.run(piece);
            }
        } catch (IOException | RuntimeException | Error e) {
            fail(e);
        }
    }

    private synchronized void fail(Throwable failure) {
        stopped = true;
        thrown = thrown == null ? failure : thrown;
    }

    /** Waits for all threads; whether the caller was interrupted meanwhile. */
    private boolean join() {
        boolean interrupted = false;
        for (Thread thread : threads) {
            while (thread.isAlive()) {
                try {
                    thread.join();
                } catch (InterruptedException e) {
                    interrupted = true;
                    stopped = true;
                    threads.forEach(Thread::interrupt);
                }
            }
        }
        return interrupted;
    }

    private synchronized void rethrow() throws IOException {
        switch (thrown) {
            case null -> {
            }
            case IOException exception -> throw exception;
            case RuntimeException exception -> throw exception;
            case Error error -> throw error;
            default -> throw new IllegalStateException(thrown);
        }
    }

    /** What is done for each number from 0 on; calls come from several threads. */
    interface Piece {

        void run(int number) throws IOException;
    }
}
