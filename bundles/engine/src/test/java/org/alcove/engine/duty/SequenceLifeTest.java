package org.alcove.engine.duty;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.alcove.api.worker.SamplingParameters;
import org.alcove.engine.Engine;
import org.alcove.engine.SequenceRequest;
import org.alcove.engine.TokenEvent;
import org.alcove.engine.TokenEvent.Failed;
import org.alcove.engine.TokenEvent.Fault;
import org.alcove.engine.TokenEvent.Finished;
import org.alcove.engine.TokenEvent.PromptScored;
import org.alcove.engine.TokenEvent.Token;
import org.alcove.engine.TokenStream;
import org.alcove.engine.forward.TinyModels;
import org.alcove.engine.memory.MemoryWeights;
import org.alcove.kernel.base.ReferenceDense;
import org.junit.jupiter.api.Test;

/** How sequences begin, end, stall and resume. */
class SequenceLifeTest {

    @Test
    void anAnswerEndsWithAnEndIdWhichIsDelivered() throws Exception {
        SequenceRequest request = Engines.request(10, 60, 4);
        int[] free = Engines.alone(request);
        int end = free[20];
        int first = indexOf(free, end);
        try (Engine engine = Engines.open(Engines.tiny(), Engines.SETTINGS)) {
            List<TokenEvent> events = Answers.events(engine.submit(
                    SequenceRequest.of(request.tokens(), request.sampling(), 60, Set.of(end))));
            assertEquals(first + 2, events.size());
            assertEquals(end, ((Token) events.get(first)).id());
            assertEquals(new Finished(true), events.getLast());
            SequenceRequest later = new SequenceRequest(request.tokens(), 10, request.sampling(), 60, 30, Set.of(end), -1, false,
                    0);
            assertTrue(Answers.ids(engine.submit(later)).length >= 30, "the end id came too early");
        }
    }

    private static int indexOf(int[] ids, int id) {
        int index = 0;
        while (ids[index] != id) {
            index++;
        }
        return index;
    }

    @Test
    void aResumedAnswerGoesOnWithTheSameText() throws Exception {
        SequenceRequest request = Engines.request(70, 60, 4);
        int[] all = Engines.alone(request);
        int[] half = Arrays.copyOf(request.tokens(), 70 + 25);
        System.arraycopy(all, 0, half, 70, 25);
        assertArrayEquals(Arrays.copyOfRange(all, 25, 60),
                Engines.alone(new SequenceRequest(half, 70, request.sampling(), 60, 0, Set.of(), -1, false, 0)));
    }

    @Test
    void aRehearsalIsCountedNowhereAndChangesNoAnswer() throws Exception {
        SequenceRequest request = Engines.request(70, 60, 4);
        MemoryWeights weights = Engines.tiny();
        try (Engine engine = Engines.open(weights, Engines.SETTINGS)) {
            weights.removeKernelsAfter(100);
            assertEquals("", engine.status().missing());
            engine.rehearse();
            Await.until("so many layers are rehearsed", () -> !engine.status().missing().isEmpty());
            weights.putBack(new ReferenceDense());
            engine.rehearse();
            assertArrayEquals(Engines.alone(request), Answers.ids(engine.submit(request)));
            Await.until("it is settled", () -> engine.status().running() == 0);
            assertEquals(70, engine.status().promptTokens());
            assertEquals(60, engine.status().answerTokens());
        }
    }

    /** A sequence whose reader is slow is computed no further, and has all blocks. */
    @Test
    void aRehearsalLeavesSequencesAlone() throws Exception {
        SequenceRequest request = Engines.request(10, 300, 4);
        try (Engine engine = Engines.open(Engines.tiny(), Engines.SETTINGS.withKvTokens(310))) {
            TokenStream slow = engine.submit(request);
            Await.until("its stream is full", () -> engine.status().answerTokens() == BoundedTokenStream.CAPACITY);
            assertEquals(engine.status().kvBlocks(), engine.status().kvBlocksUsed());
            long before = engine.status().lastStepNanos();
            engine.rehearse();
            Await.until("it looked around", () -> engine.status().lastStepNanos() > before);
            assertArrayEquals(Engines.alone(request), Answers.ids(slow));
        }
    }

    @Test
    void anAnswerEndsWithTheContext() throws Exception {
        assertEquals(512 - 500, Engines.alone(Engines.request(500, 1000, 1)).length);
        assertEquals(1, Engines.alone(Engines.request(511, 1000, 1)).length);
    }

    @Test
    void whatCannotBeComputedIsRefusedWithBothNumbers() {
        try (Engine engine = Engines.open(Engines.tiny(), Engines.SETTINGS.withKvTokens(100))) {
            assertEquals(128, engine.contextTokens());
            assertEquals(2, engine.status().kvBlocks());
            refused(engine, Engines.request(128, 1, 0), "128");
            refused(engine, SequenceRequest.of(new int[] {37}, SamplingParameters.GREEDY, 1, Set.of()), "37");
            refused(engine, SequenceRequest.of(new int[] {-1}, SamplingParameters.GREEDY, 1, Set.of()), "-1");
            refused(engine, SequenceRequest.of(new int[0], SamplingParameters.GREEDY, 1, Set.of()), "at least one");
            refused(engine, SequenceRequest.of(new int[1], SamplingParameters.PLAIN, 1, Set.of()), "seed");
            refused(engine, SequenceRequest.of(new int[1], SamplingParameters.GREEDY.withTemperature(Float.NaN), 1, Set.of()),
                    "temperature");
            refused(engine, SequenceRequest.of(new int[1], new SamplingParameters(0, 0, 1, 0, 1, 0, 0, Map.of(37, 1f),
                    OptionalLong.empty()), 1, Set.of()), "logit_bias");
        }
    }

    private static void refused(Engine engine, SequenceRequest request, String word) {
        String message = assertThrows(IllegalArgumentException.class, () -> engine.submit(request)).getMessage();
        assertTrue(message.contains(word), message);
    }

    @Test
    void whoObservesSeesTheLogitsThatTheProbabilitiesComeFrom() throws Exception {
        SequenceRequest plain = Engines.request(90, 20, 6);
        SequenceRequest scored = new SequenceRequest(plain.tokens(), 90, plain.sampling(), 0, 0, Set.of(), -1, true, 0);
        float[][] seen = new float[90][];
        try (Engine engine = Engines.openWithRandomChunks(Engines.tiny(), Engines.SETTINGS, 1)) {
            PromptScored prompt = (PromptScored) engine.submit(scored,
                    (position, logits) -> seen[position] = logits.toArray(ValueLayout.JAVA_FLOAT)).next();
            for (int i = 1; i < 90; i++) {
                double sum = 0;
                for (float logit : seen[i - 1]) {
                    sum += Math.exp(logit);
                }
                assertEquals(prompt.logprobs()[i], seen[i - 1][plain.tokens()[i]] - Math.log(sum), 1e-5, "position " + i);
            }
            assertNull(seen[89], "nothing follows the last token");
            assertThrows(IllegalArgumentException.class, () -> engine.submit(plain, (position, logits) -> { }));
        }
    }

    @Test
    void probabilitiesOfPromptAndAnswerAreThoseOfTheModel() throws Exception {
        SequenceRequest plain = Engines.request(90, 20, 6);
        try (Engine engine = Engines.openWithRandomChunks(Engines.tiny(), Engines.SETTINGS, 1)) {
            List<TokenEvent> events = Answers.events(engine.submit(
                    new SequenceRequest(plain.tokens(), 90, plain.sampling(), 20, 0, Set.of(), 3, true, 0)));
            PromptScored prompt = (PromptScored) events.getFirst();
            assertTrue(Float.isNaN(prompt.logprobs()[0]));
            assertEquals(90, prompt.logprobs().length);
            assertEquals(22, events.size());
            int[] all = Arrays.copyOf(plain.tokens(), 110);
            for (int i = 0; i < 20; i++) {
                all[90 + i] = ((Token) events.get(1 + i)).id();
            }
            PromptScored whole = (PromptScored) engine.submit(
                    new SequenceRequest(all, 110, plain.sampling(), 0, 0, Set.of(), 37, true, 0)).next();
            for (int i = 1; i < 110; i++) {
                float logprob = i < 90 ? prompt.logprobs()[i] : ((Token) events.get(1 + i - 90)).logprob();
                assertEquals(whole.logprobs()[i], logprob, "position " + i);
                double sum = 0;
                for (TokenEvent.Candidate candidate : whole.tops()[i]) {
                    sum += Math.exp(candidate.logprob());
                }
                assertEquals(1, sum, 1e-5);
                TokenEvent.Candidate[] top = i < 90 ? prompt.tops()[i] : ((Token) events.get(1 + i - 90)).top();
                assertArrayEquals(Arrays.copyOf(whole.tops()[i], 3), top);
            }
        }
    }

    @Test
    void aFullStreamIsLeftOutAndAStalledOneFails() throws Exception {
        AtomicLong clock = new AtomicLong();
        try (Engine engine = Engines.open(Engines.tiny(), Engines.SETTINGS.withKvTokens(2048), clock::get)) {
            TokenStream slow = engine.submit(Engines.request(10, 400, 1));
            TokenStream stalled = engine.submit(Engines.request(10, 400, 2));
            Await.until("both streams are full",
                    () -> engine.status().answerTokens() == 2 * BoundedTokenStream.CAPACITY);
            assertEquals(60, Answers.ids(engine.submit(Engines.request(10, 60, 3))).length);
            Await.until("the step is counted",
                    () -> engine.status().answerTokens() == 2 * BoundedTokenStream.CAPACITY + 60);
            clock.addAndGet(Engines.SETTINGS.readTimeout().toNanos() - 1);
            for (int i = 0; i < 10; i++) {
                assertInstanceOf(Token.class, slow.next());
            }
            clock.addAndGet(1);
            assertEquals(5, Answers.ids(engine.submit(Engines.request(10, 5, 3))).length);
            List<TokenEvent> events = Answers.events(stalled);
            assertEquals(BoundedTokenStream.CAPACITY + 1, events.size());
            assertEquals(Fault.READER_STALLED, ((Failed) events.getLast()).fault());
            assertEquals(390, Answers.ids(slow).length);
        }
    }

    @Test
    void aClosedStreamGivesItsBlocksBack() throws Exception {
        try (Engine engine = Engines.open(Engines.tiny(), Engines.SETTINGS)) {
            TokenStream stream = engine.submit(Engines.request(100, 300, 1));
            assertInstanceOf(Token.class, stream.next());
            stream.close();
            stream.close();
            assertNull(stream.next());
            Await.until("its blocks are free", () -> engine.status().kvBlocksUsed() == 0 && engine.status().running() == 0);
        }
    }

    @Test
    void higherPrioritiesGoFirst() throws Exception {
        MemoryWeights weights = Engines.tiny();
        try (Engine engine = Engines.open(weights, Engines.SETTINGS.withKvTokens(320))) {
            TokenStream running = engine.submit(Engines.request(100, 150, 1));
            assertInstanceOf(Token.class, running.next());
            // It does not end before the others are there, however long this thread is kept waiting.
            weights.removeKernelsAfter(0);
            SequenceRequest low = Engines.request(200, 20, 2);
            List<String> order = Collections.synchronizedList(new ArrayList<>());
            TokenStream second = engine.submit(scored(low, 0), (position, logits) -> order.add("low"));
            TokenStream first = engine.submit(scored(low, 5), (position, logits) -> order.add("high"));
            weights.putBack(new ReferenceDense());
            assertArrayEquals(Engines.alone(low), Answers.ids(first));
            assertArrayEquals(Engines.alone(low), Answers.ids(second));
            assertTrue(order.indexOf("low") > order.lastIndexOf("high"), order::toString);
        }
    }

    /** With the probabilities of its prompt, so that it shows when it is computed. */
    private static SequenceRequest scored(SequenceRequest request, int priority) {
        return new SequenceRequest(request.tokens(), request.promptTokens(), request.sampling(), request.maxTokens(), 0, Set.of(),
                0, true, priority);
    }

    @Test
    void closingFailsWhatRunsAndWaits() throws Exception {
        Engine engine = Engines.open(Engines.tiny(), Engines.SETTINGS);
        TokenStream running = engine.submit(Engines.request(100, 400, 1));
        assertInstanceOf(Token.class, running.next());
        engine.close();
        assertEquals(Fault.CLOSED, ((Failed) Answers.events(running).getLast()).fault());
        assertEquals(Fault.CLOSED, ((Failed) engine.submit(Engines.request(10, 4, 1)).next()).fault());
    }

    @Test
    void anIdleEngineShowsThatItLives() {
        try (Engine engine = Engines.open(Engines.tiny(), Engines.SETTINGS)) {
            long before = engine.status().lastStepNanos();
            Await.until("it looked around", () -> engine.status().lastStepNanos() > before);
            assertEquals("memory-[f32]-kv-f16-numerics2", engine.fingerprint());
            assertEquals(TinyModels.VOCABULARY, engine.vocabulary());
        }
    }
}
