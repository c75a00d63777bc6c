package org.alcove.cluster.hub;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.function.LongSupplier;
import org.alcove.api.control.WorkerChoice;

/**
 * The choices that FastChat's API servers were told. They never say when a request ends, so a choice counts until the worker's
 * second beat after it, which tells the worker's own count; or for a while, where the worker does not beat. Thread-safe.
 */
final class ForeignChoices implements AutoCloseable {

    private static final int MOST = 10_000;
    private static final int BEATS = 2;

    private final Duration longest;
    private final LongSupplier nanos;
    /** Oldest first. */
    private final Deque<Held> held = new ArrayDeque<>();

    private static final class Held {
        private final String address;
        private final WorkerChoice choice;
        private final long since;
        private int beats;

        Held(String address, WorkerChoice choice, long since) {
            this.address = address;
            this.choice = choice;
            this.since = since;
        }
    }

    /** @param longest how long a choice counts where no beat comes */
    ForeignChoices(Duration longest, LongSupplier nanos) {
        this.longest = longest;
        this.nanos = nanos;
    }

    /** Counts a choice from now on. */
    void hold(String address, WorkerChoice choice) {
        List<WorkerChoice> closing = new ArrayList<>();
        synchronized (this) {
            if (held.size() >= MOST) {
                closing.add(held.removeFirst().choice);
            }
            held.addLast(new Held(address, choice, nanos.getAsLong()));
        }
        closing.forEach(WorkerChoice::close);
    }

    /** A worker beats. */
    void beat(String address) {
        List<WorkerChoice> closing = new ArrayList<>();
        synchronized (this) {
            for (Iterator<Held> each = held.iterator(); each.hasNext();) {
                Held one = each.next();
                if (one.address.equals(address) && ++one.beats >= BEATS) {
                    each.remove();
                    closing.add(one.choice);
                }
            }
        }
        closing.forEach(WorkerChoice::close);
    }

    /** Gives up those for which no beat came. */
    void sweep() {
        end(longest);
    }

    private void end(Duration age) {
        List<WorkerChoice> closing = new ArrayList<>();
        synchronized (this) {
            long now = nanos.getAsLong();
            while (!held.isEmpty() && now - held.getFirst().since > age.toNanos()) {
                closing.add(held.removeFirst().choice);
            }
        }
        closing.forEach(WorkerChoice::close);
    }

    /** Gives all up. */
    @Override
    public void close() {
        end(Duration.ofNanos(-1));
    }
}
