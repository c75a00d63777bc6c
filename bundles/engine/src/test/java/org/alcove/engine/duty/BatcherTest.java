package org.alcove.engine.duty;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.Arrays;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.alcove.engine.KvType;
import org.alcove.engine.SequenceRequest;
import org.alcove.engine.TokenEvent;
import org.alcove.engine.forward.KvCache;
import org.alcove.engine.forward.TinyModels;
import org.alcove.engine.numeric.KvLayout;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which blocks sequences have, without anything being computed. */
class BatcherTest {

    private final KvCache cache = new KvCache(new KvLayout(KvType.F32, 1, 1, 8), 8);
    private final Batcher batcher = new Batcher(cache, Engines.SETTINGS.withKvTokens(8 * 64));
    private final Step step = new Step(1024, 16);
    private final int[] text = new Random(1).ints(200, 0, TinyModels.VOCABULARY).toArray();
    private int arrivals;

    @AfterEach
    void close() {
        cache.close();
    }

    /** A sequence that begins with so much of the text. */
    private Sequence arrived(int tokens) {
        SequenceRequest request = new SequenceRequest(Arrays.copyOf(text, tokens), tokens, Engines.sampling(1), 100, 0, Set.of(),
                -1, false, 0, "owner");
        Sequence sequence = new Sequence(request, new BoundedTokenStream(() -> 0, () -> { }), null, arrivals++, 1024);
        batcher.add(sequence);
        return sequence;
    }

    private void compute() {
        batcher.fill(step, 1000);
        for (int i = 0; i < step.sequences().size(); i++) {
            Sequence sequence = step.sequences().get(i);
            sequence.computed(step.chunkSize(i));
            sequence.keep(cache);
        }
    }

    private void write(Sequence sequence, int until) {
        while (sequence.length() < until) {
            sequence.append(new TokenEvent.Token(text[sequence.length()], 0, new TokenEvent.Candidate[0]));
            compute();
        }
    }

    private static int[] blocks(Sequence sequence) {
        return Arrays.copyOf(sequence.blocks(), sequence.blockCount());
    }

    private void leave(int tokens) {
        Sequence before = arrived(tokens);
        compute();
        batcher.remove(before);
    }

    @Test
    void aSequenceThatWritesWhatOneBeforeItLeftGoesOnInItsBlocks() {
        leave(192);
        Sequence again = arrived(70);
        compute();
        int own = blocks(again)[1];
        write(again, 128);
        assertNotEquals(own, blocks(again)[1]);
        assertEquals(8 - 2, cache.free());
    }

    @Test
    void whatIsForgottenComesBackIntoNoSequenceThatRuns() {
        leave(192);
        Sequence again = arrived(70);
        compute();
        batcher.forgetPrefixes();
        int[] own = blocks(again);
        write(again, 150);
        assertArrayEquals(own, Arrays.copyOf(blocks(again), own.length));
        int[] others = IntStream.generate(cache::take).limit(cache.free()).toArray();
        assertEquals(8 - again.blockCount(), others.length);
        for (int other : others) {
            assertFalse(IntStream.of(blocks(again)).anyMatch(block -> block == other), "block " + other + " is used twice");
        }
    }

    @Test
    void whoRanWhenSomethingFailedLeavesNothingToOthers() {
        Sequence running = arrived(50);
        compute();
        batcher.forgetPrefixes();
        write(running, 150);
        batcher.remove(running);
        Sequence next = arrived(150);
        compute();
        assertEquals(0, next.stream.cachedTokens());
        assertEquals(150, next.computed());
    }
}
