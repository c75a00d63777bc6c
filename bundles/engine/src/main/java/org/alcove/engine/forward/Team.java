package org.alcove.engine.forward;

import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * A fixed team of threads that computes ranges side by side. The thread that calls {@link #run} takes part as member 0; the
 * others wait for it, spinning for a moment and then parked, so that an idle team uses no processor.
 *
 * <p>Ranges are split by arithmetic alone; which member computes a range is decided by who comes first, so that a member the
 * system has no processor for holds nobody up. No result depends on it, as no range depends on another.
 *
 * <p>A round is published in one word: its number, how many parts it has, and the next part that nobody has taken. Whoever
 * advances the word by one owns that part, and the round cannot end before it is done, so what else describes the round
 * ({@link #task} and its bounds) stays as it is meanwhile.
 */
public final class Team implements AutoCloseable {

    /**
     * Some 250 microseconds: longer than the pauses within a step, of which the quantizing of many tokens' activations is the
     * longest, as waking a parked thread takes about as long as the pause; shorter than those between steps that matter.
     */
    private static final int SPINS = 5_000;
    /** Simple operations that are worth waking one more member. */
    private static final int WORTH_A_MEMBER = 1 << 15;
    private static final int ROUND_SHIFT = 32;
    private static final int PARTS_SHIFT = 16;
    private static final int PART_MASK = 0xffff;

    /** What a member does with a range of items. */
    @FunctionalInterface
    public interface Task {

        /** Computes items {@code first} up to, but without, {@code end}; {@code member} says whose scratch memory is used. */
        void run(int member, int first, int end);
    }

    private final Member[] members;
    private final int spins;
    private final AtomicLong ticket = new AtomicLong();
    private final AtomicInteger undone = new AtomicInteger();
    private volatile boolean closed;
    private Task task;
    private int items;
    private int grain;
    private volatile Throwable thrown;
    private volatile Thread waitingCaller;

    /** Starts {@code threads - 1} threads, named after {@code name} and their number. */
    public Team(String name, int threads) {
        this(name, threads, () -> { });
    }

    /** @param begin what each thread does first, save the caller's */
    public Team(String name, int threads, Runnable begin) {
        this(Thread.ofPlatform().daemon().name(name + "-", 1).factory(), threads, begin);
    }

    Team(ThreadFactory factory, int threads, Runnable begin) {
        spins = threads <= Runtime.getRuntime().availableProcessors() ? SPINS : 1;
        members = new Member[threads - 1];
        for (int i = 0; i < members.length; i++) {
            members[i] = new Member(i + 1, factory, begin);
        }
        try {
            for (Member member : members) {
                member.thread.start();
            }
        } catch (RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    /** Number of members, the caller included. */
    public int size() {
        return members.length + 1;
    }

    /**
     * Splits {@code items} into at most as many ranges as there are members, each but the last a multiple of {@code grain}, and
     * returns when all are computed. What a member throws is thrown here.
     *
     * @param most ranges; small work is done sooner by few
     */
    public void run(int itemCount, int grainSize, int most, Task work) {
        int parts = Math.min(Math.min(most, size()), Math.ceilDiv(itemCount, grainSize));
        if (parts <= 1) {
            work.run(0, 0, itemCount);
            return;
        }
        task = work;
        items = itemCount;
        grain = grainSize;
        thrown = null;
        undone.set(parts);
        long round = (ticket.get() >>> ROUND_SHIFT) + 1;
        ticket.set(round << ROUND_SHIFT | (long) parts << PARTS_SHIFT);
        for (int i = 0; i < parts - 1; i++) {
            members[i].wake();
        }
        computeParts(0);
        awaitParts();
        rethrow(thrown);
    }

    /** {@link #run} for items that are a number of simple operations each, by as many members as these are worth. */
    void runSimple(int itemCount, int operations, Task work) {
        run(itemCount, 1, (int) Math.min(size(), 1 + (long) itemCount * operations / WORTH_A_MEMBER), work);
    }

    /** Takes parts of the round as long as there are any. */
    private void computeParts(int member) {
        long seen = ticket.get();
        while (hasPart(seen)) {
            if (ticket.compareAndSet(seen, seen + 1)) {
                int parts = (int) (seen >>> PARTS_SHIFT) & PART_MASK;
                int part = (int) seen & PART_MASK;
                try {
                    task.run(member, bound(part, parts), bound(part + 1, parts));
                } catch (RuntimeException | Error e) {
                    thrown = e;
                }
                if (undone.decrementAndGet() == 0) {
                    LockSupport.unpark(waitingCaller);
                }
            }
            seen = ticket.get();
        }
    }

    private static boolean hasPart(long seen) {
        return (seen & PART_MASK) < (seen >>> PARTS_SHIFT & PART_MASK);
    }

    /** First item of a part. */
    private int bound(int part, int parts) {
        long grains = Math.ceilDiv(items, grain);
        return (int) Math.min(items, grains * part / parts * grain);
    }

    private void awaitParts() {
        for (int spun = 0; undone.get() > 0; spun++) {
            if (spun < spins) {
                Thread.onSpinWait();
            } else {
                waitingCaller = Thread.currentThread();
                if (undone.get() > 0) {
                    LockSupport.park(this);
                }
                waitingCaller = null;
            }
        }
    }

    private static void rethrow(Throwable thrown) {
        switch (thrown) {
            case null -> {
            }
            case Error error -> throw error;
            case RuntimeException exception -> throw exception;
            default -> throw new IllegalStateException(thrown);
        }
    }

    /** Ends the threads and waits for them. */
    @Override
    public void close() {
        closed = true;
        boolean interrupted = false;
        for (Member member : members) {
            LockSupport.unpark(member.thread);
            while (member.thread.isAlive()) {
                try {
                    member.thread.join();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private final class Member implements Runnable {

        private final int number;
        private final Runnable begin;
        private final Thread thread;
        private volatile boolean parked;

        Member(int number, ThreadFactory factory, Runnable begin) {
            this.number = number;
            this.begin = begin;
            this.thread = factory.newThread(this);
        }

        void wake() {
            if (parked) {
                LockSupport.unpark(thread);
            }
        }

        @Override
        public void run() {
            begin.run();
            int spun = 0;
            while (!closed) {
                if (hasPart(ticket.get())) {
                    computeParts(number);
                    spun = 0;
                } else if (spun++ < spins) {
                    Thread.onSpinWait();
                } else {
                    parked = true;
                    if (!hasPart(ticket.get()) && !closed) {
                        LockSupport.park(Team.this);
                    }
                    parked = false;
                }
            }
        }
    }
}
