package org.alcove.engine.duty;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import org.alcove.engine.EngineSettings;
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
    private final boolean sharesPrefixes;
    /** Both in the order in which they are served. */
    private final List<Sequence> running = new ArrayList<>();
    private final List<Sequence> waiting = new ArrayList<>();
    private long preemptions;

    Batcher(KvCache cache, EngineSettings settings) {
        this.cache = cache;
        this.mostSequences = settings.maxSequences();
        this.sharesPrefixes = settings.prefixCache();
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
        insert(waiting, sequence);
    }

    private static void insert(List<Sequence> ordered, Sequence sequence) {
        ordered.add(-Collections.binarySearch(ordered, sequence) - 1, sequence);
    }

    /** Forgets a sequence and takes its blocks back. */
    void remove(Sequence sequence) {
        if (!running.remove(sequence)) {
            waiting.remove(sequence);
        }
        sequence.release(cache);
    }

    /**
     * Forgets what sequences to come would find. What was computed may be at fault, so sequences that run leave nothing to others
     * either: what they hold belongs behind what is forgotten.
     */
    void forgetPrefixes() {
        cache.forget();
        forEach(running, Sequence::keepNothing);
    }

    /** Shows all sequences; they may be removed meanwhile. */
    void forEach(Consumer<Sequence> action) {
        forEach(running, action);
        forEach(waiting, action);
    }

    /** Every step comes here: nothing is copied. */
    private static void forEach(List<Sequence> sequences, Consumer<Sequence> action) {
        for (int i = 0; i < sequences.size();) {
            Sequence sequence = sequences.get(i);
            action.accept(sequence);
            i += i < sequences.size() && sequences.get(i) == sequence ? 1 : 0;
        }
    }

    /** Fills a step with tokens; with none, if there is nothing to compute. */
    void fill(Step step, int budget) {
        step.clear();
        int left = Math.max(LEAST_CHUNK, budget - Math.min(answering(), mostSequences));
        for (int i = 0; i < running.size() && step.sequences().size() < mostSequences; i++) {
            left -= serve(running.get(i), step, left);
        }
        for (int next = nextWaiting(); left > 0 && next < waiting.size() && admits(waiting.get(next), step);
                next = nextWaiting()) {
            Sequence sequence = waiting.remove(next);
            insert(running, sequence);
            if (sharesPrefixes) {
                sequence.adopt(cache);
            }
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

    /**
     * Index of the first of the waiting that could go on if it were let in; their number if there is none. One that lost its
     * blocks and whose reader is slow is passed over; it comes first again as soon as its reader has taken something.
     */
    private int nextWaiting() {
        int next = 0;
        while (next < waiting.size() && waiting.get(next).stream.isFull()) {
            next++;
        }
        return next;
    }

    /** Whether a sequence fits in, with room for one more token, so that it proceeds before it may have to go. */
    private boolean admits(Sequence sequence, Step step) {
        return step.sequences().size() < mostSequences
                && cache.free() >= Math.min(cache.size(), KvCache.blocksFor(sequence.length() + 1));
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
            insert(waiting, last);
            preemptions++;
            if (last == sequence) {
                return false;
            }
        }
        return true;
    }
}
