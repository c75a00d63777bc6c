package org.alcove.cluster.node;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.alcove.api.worker.Failure;
import org.alcove.api.worker.Generation;
import org.alcove.api.worker.GenerationEvent;
import org.alcove.api.worker.RequestException;

/**
 * The answers that other processes are reading, by the id of their request, so that they can be cancelled, and can end in order
 * when this process ends. Thread-safe.
 */
final class OpenAnswers {

    private static final Duration RETRY = Duration.ofSeconds(1);

    private final Map<String, List<Cut>> answers = new HashMap<>();
    private boolean leaving;

    /** An answer that can be cut. */
    private final class Cut implements Generation {

        private final String id;
        private final Generation generation;
        private volatile Failure reason;

        Cut(String id, Generation generation) {
            this.id = id;
            this.generation = generation;
        }

        @Override
        public GenerationEvent next() throws InterruptedException {
            GenerationEvent event = reason == null ? generation.next() : null;
            return event == null && reason != null ? new GenerationEvent.Failed(reason) : event;
        }

        @Override
        public int placeInLine() {
            return generation.placeInLine();
        }

        void cut(Failure why) {
            reason = why;
            generation.close();
        }

        @Override
        public void close() {
            remove(this);
            generation.close();
        }
    }

    /**
     * Watches an answer, until it is closed.
     *
     * @throws RequestException if this process is leaving; the answer is closed then
     */
    Generation add(String id, Generation generation) {
        synchronized (this) {
            if (!leaving) {
                Cut cut = new Cut(id, generation);
                answers.computeIfAbsent(id, key -> new ArrayList<>()).add(cut);
                return cut;
            }
        }
        generation.close();
        throw new RequestException(left());
    }

    /** Refuses where this process is leaving. */
    synchronized void check() {
        if (leaving) {
            throw new RequestException(left());
        }
    }

    private static Failure left() {
        return new Failure.Unavailable(RETRY, "this worker is being stopped; ask another one");
    }

    private synchronized void remove(Cut cut) {
        List<Cut> same = answers.get(cut.id);
        if (same != null && same.remove(cut)) {
            if (same.isEmpty()) {
                answers.remove(cut.id);
            }
            notifyAll();
        }
    }

    /** Cancels the answers of a request. */
    void cancel(String id) {
        List<Cut> same;
        synchronized (this) {
            same = List.copyOf(answers.getOrDefault(id, List.of()));
        }
        same.forEach(cut -> cut.cut(new Failure.TimedOut("the request was cancelled")));
    }

    /** How many are open. */
    synchronized int count() {
        return answers.values().stream().mapToInt(List::size).sum();
    }

    /** Lets no more in. */
    synchronized void leave() {
        leaving = true;
    }

    /**
     * Waits until all have ended, for so long at most; those that are left then end with a failure by which other workers go on
     * with them. Afterwards a moment is left for that to be said.
     */
    void drain(Duration limit, Duration goodbye) throws InterruptedException {
        leave();
        if (!await(limit)) {
            List<Cut> rest;
            synchronized (this) {
                rest = answers.values().stream().flatMap(List::stream).toList();
            }
            rest.forEach(cut -> cut.cut(left()));
            await(goodbye);
        }
    }

    private synchronized boolean await(Duration limit) throws InterruptedException {
        long until = System.nanoTime() + limit.toNanos();
        while (!answers.isEmpty()) {
            long millis = (until - System.nanoTime()) / 1_000_000;
            if (millis <= 0) {
                return false;
            }
            wait(millis);
        }
        return true;
    }
}
