package org.alcove.engine.forward;

import java.util.concurrent.locks.LockSupport;

/**
 * A fixed team of threads that computes ranges side by side. The thread that calls {@link #run} takes part as member 0; the
 * others wait for it, spinning for a moment and then parked, so that an idle team uses no processor. Ranges are split by
 * arithmetic alone: which member computes what never depends on timing.
 */
public final class Team implements AutoCloseable {

    private static final int SPINS = 2_000;

    /** What a member does with its range of items. */
    @FunctionalInterface
    public interface Task {

        void run(int member, int first, int end);
    }

    private final Member[] members;
    private final int spins;
    private volatile int round;
    private volatile boolean closed;
    private Task task;
    private int items;
    private int grain;
    private int parts;
    private volatile Thread caller;

    /** Starts {@code threads - 1} threads, named after {@code name} and their number. */
    public Team(String name, int threads) {
        spins = threads <= Runtime.getRuntime().availableProcessors() ? SPINS : 1;
        members = new Member[threads - 1];
        for (int i = 0; i < members.length; i++) {
            members[i] = new Member(i + 1);
            members[i].thread = Thread.ofPlatform().daemon().name(name + "-" + (i + 1)).unstarted(members[i]);
        }
        for (Member member : members) {
            member.thread.start();
        }
    }

    /** Number of members, the caller included. */
    public int size() {
        return members.length + 1;
    }

    /**
     * Splits {@code items} into as many ranges as there are members, each but the last a multiple of {@code grain}, and returns
     * when all are computed. What a member throws is thrown here.
     *
     * @param most of the members that take part; small work is done sooner by few
     */
    public void run(int itemCount, int grainSize, int most, Task work) {
        int count = Math.min(Math.min(most, size()), Math.ceilDiv(itemCount, grainSize));
        if (count <= 1) {
            work.run(0, 0, itemCount);
            return;
        }
        task = work;
        items = itemCount;
        grain = grainSize;
        parts = count;
        caller = Thread.currentThread();
        round++;
        for (Member member : members) {
            if (member.parked) {
                LockSupport.unpark(member.thread);
            }
        }
        Throwable thrown = null;
        try {
            work.run(0, 0, bound(1));
        } catch (RuntimeException | Error e) {
            thrown = e;
        }
        for (Member member : members) {
            awaitDone(member);
            thrown = thrown == null ? member.thrown : thrown;
            member.thrown = null;
        }
        rethrow(thrown);
    }

    private void awaitDone(Member member) {
        int spun = 0;
        while (member.done != round) {
            if (spun++ < spins) {
                Thread.onSpinWait();
            } else {
                member.awaited = true;
                if (member.done != round) {
                    LockSupport.park(this);
                }
                member.awaited = false;
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

    /** First item of a part. */
    private int bound(int part) {
        long grains = Math.ceilDiv(items, grain);
        return (int) Math.min(items, grains * part / parts * grain);
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
        private Thread thread;
        private volatile boolean parked;
        private volatile boolean awaited;
        private volatile int done;
        private Throwable thrown;

        Member(int number) {
            this.number = number;
        }

        @Override
        public void run() {
            int seen = 0;
            while (awaitRound(seen)) {
                seen++;
                try {
                    if (number < parts) {
                        task.run(number, bound(number), bound(number + 1));
                    }
                } catch (RuntimeException | Error e) {
                    thrown = e;
                }
                done = seen;
                if (awaited) {
                    LockSupport.unpark(caller);
                }
            }
        }

        /** Whether there is a round after {@code seen}, else the team is closed. */
        private boolean awaitRound(int seen) {
            int spun = 0;
            while (round == seen) {
                if (closed) {
                    return false;
                }
                if (spun++ < spins) {
                    Thread.onSpinWait();
                } else {
                    parked = true;
                    if (round == seen && !closed) {
                        LockSupport.park(Team.this);
                    }
                    parked = false;
                }
            }
            return true;
        }
    }
}
