package org.alcove.weights.store;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A few threads that work side by side through numbered pieces and give way to everybody else: answers that are being written
 * keep the processors. Made for one piece of work and gone after it.
 */
final class CopyCrew {

    /** More would only compete for memory, which is what copying waits for. */
    private static final int MOST_THREADS = 4;
    private static final Logger LOG = LoggerFactory.getLogger(CopyCrew.class);

    private final int pieces;
    private final Runnable begin;
    private final Piece work;
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicInteger done = new AtomicInteger();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean stopped;
    private Throwable thrown;

    private CopyCrew(int pieces, Runnable begin, Piece work) {
        this.pieces = pieces;
        this.begin = begin;
        this.work = work;
    }

    /** How many threads this machine is worth. */
    static int threads() {
        return Math.min(MOST_THREADS, Runtime.getRuntime().availableProcessors());
    }

    /**
     * Does all pieces, in no particular order, and returns when no thread is left.
     *
     * @throws IOException what the first piece that failed threw, or if one was left undone for any other reason; pieces that
     *         were not begun are not done
     * @throws ClosedByInterruptException if the caller was interrupted, which interrupts all pieces
     */
    static void run(int threads, int pieces, Piece work) throws IOException {
        run(threads, pieces, LowPriority::enter, work);
    }

    /** @param begin what each thread does first; its failure is no reason not to work */
    static void run(int threads, int pieces, Runnable begin, Piece work) throws IOException {
        CopyCrew crew = new CopyCrew(pieces, begin, work);
        crew.start(Math.min(threads, pieces));
        boolean interrupted = crew.join();
        if (interrupted) {
            Thread.currentThread().interrupt();
            throw new ClosedByInterruptException();
        }
        crew.rethrow();
        // Whoever asked goes on with what the pieces wrote: one that is missing must not look like zeros that were meant.
        if (crew.done.get() < pieces) {
            throw new IOException(crew.done + " of " + pieces + " pieces were copied: a thread ended before its piece was done");
        }
    }

    private void start(int count) {
        try {
            for (int i = 0; i < count; i++) {
                threads.add(Thread.ofPlatform().daemon().name("alcove-copy-" + i).priority(Thread.MIN_PRIORITY)
                        .start(this::work));
            }
        } catch (RuntimeException | Error e) {
            // Those that run are waited for before it is thrown: they use the caller's memory.
            fail(e);
        }
    }

    private void work() {
        giveWay();
        try {
            for (int piece = next.getAndIncrement(); piece < pieces && !stopped; piece = next.getAndIncrement()) {
                work.run(piece);
                done.incrementAndGet();
            }
        } catch (IOException | RuntimeException | Error e) {
            fail(e);
        }
    }

    private void giveWay() {
        try {
            begin.run();
        } catch (RuntimeException | Error e) {
            LOG.debug("{} does not give way to others", Thread.currentThread().getName(), e);
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
