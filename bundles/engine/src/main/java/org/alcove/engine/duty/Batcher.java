package org.alcove.engine.duty;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.Consumer;
import org.alcove.engine.forward.KvCache;

/**
 * Decides which tokens the next step computes: one of each answer that is being written, and chunks of prompts as far as the
 * budget goes. Sequences are served in one order, by priority, then by arrival; when a sequence needs a block and none is
 * free, the last in that order gives its blocks back and waits again. So the first always proceeds, and all end.
 */
final class Batcher {

    /** A prompt goes on by that many tokens even where running answers take the whole budget. */
    private static final int LEAST_CHUNK = 16;

    private final KvCache cache;
    private final int mostSequences;
    /** In the order in which they are served. */
    private final List<Sequence> running = new ArrayList<>();
    private final PriorityQueue<Sequence> waiting = new PriorityQueue<>();
    private long preemptions;

    Batcher(KvCache cache, int mostSequences) {
        this.cache = cache;
        this.mostSequences = mostSequences;
    }

    int running() {
        return running.size();
    }

    int waiting() {
        return waiting.size();
    }

    long preemptions() {
        return preemptions;
    }

    void add(Sequence sequence) {
        waiting.add(sequence);
    }

    /** Forgets a sequence and takes its blocks back. */
    void remove(Sequence sequence) {
        if (!running.remove(sequence)) {
            waiting.remove(sequence);
        }
        sequence.release(cache);
    }

    /** Shows all sequences; they may be removed meanwhile. */
    void forEach(Consumer<Sequence> action) {
        // Every step comes here: nothing is copied as long as nobody waits.
        for (int i = 0; i < running.size();) {
            Sequence sequence = running.get(i);
            action.accept(sequence);
            i += i < running.size() && running.get(i) == sequence ? 1 : 0;
        }
        if (!waiting.isEmpty()) {
            List.copyOf(waiting).forEach(action);
        }
    }

    /** Fills a step with tokens; with none, if there is nothing to compute. */
    void fill(Step step, int budget) {
        step.clear();
        int left = Math.max(LEAST_CHUNK, budget - Math.min(answering(), mostSequences));
        for (int i = 0; i < running.size() && step.sequences().size() < mostSequences; i++) {
            left -= serve(running.get(i), step, left);
        }
        while (left > 0 && admits(step)) {
            Sequence sequence = waiting.poll();
            running.add(-Collections.binarySearch(running, sequence) - 1, sequence);
            left -= serve(sequence, step, left);
        }
    }

    /** How many answers the next step goes on writing. */
    int answering() {
        int count = 0;
        for (int i = 0; i < running.size(); i++) {
            count += running.get(i).remaining() == 1 && !running.get(i).stream.isFull() ? 1 : 0;
        }
        return count;
    }

    /** Whether the first of the waiting fits in, with room for one more token, so that it proceeds before it may have to go. */
    private boolean admits(Step step) {
        Sequence first = waiting.peek();
        return first != null && step.sequences().size() < mostSequences && !first.stream.isFull()
                && cache.free() >= Math.min(cache.size(), KvCache.blocksFor(first.length() + 1));
    }

    /** Adds a sequence's next tokens to the step; returns how many of them count against the budget. */
    private int serve(Sequence sequence, Step step, int left) {
        int remaining = sequence.remaining();
        int count = Math.min(remaining == 1 ? 1 : Math.min(remaining, left), step.plan().room());
        if (sequence.stream.isFull() || count < 1 || !reserve(sequence, sequence.computed() + count)) {
            return 0;
        }
        step.add(sequence, count);
        return remaining == 1 ? 0 : count;
    }

    /** Takes blocks for so many tokens, from later sequences if need be; false if the sequence itself had to go. */
    private boolean reserve(Sequence sequence, int tokens) {
        while (sequence.blockCount() < KvCache.blocksFor(tokens)) {
            if (cache.free() > 0) {
                sequence.addBlock(cache.take());
                continue;
            }
            Sequence last = running.removeLast();
            last.release(cache);
            waiting.add(last);
            preemptions++;
            if (last == sequence) {
                return false;
            }
        }
        return true;
    }
}
