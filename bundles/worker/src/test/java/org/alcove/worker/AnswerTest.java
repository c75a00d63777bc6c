package org.alcove.worker;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.alcove.api.worker.Failure;
import org.alcove.api.worker.GenerateRequest;
import org.alcove.api.worker.GenerateRequest.Limits;
import org.alcove.api.worker.GenerateRequest.Logprobs;
import org.alcove.api.worker.Generation;
import org.alcove.api.worker.GenerationEvent;
import org.alcove.api.worker.GenerationEvent.Reason;
import org.alcove.api.worker.RequestContext;
import org.alcove.api.worker.SamplingParameters;
import org.alcove.api.worker.TokenProbability;
import org.alcove.engine.TokenEvent;
import org.alcove.engine.TokenEvent.Fault;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AnswerTest {

    private final Bench bench = new Bench();

    @AfterEach
    void nothingIsLeft() {
        bench.assertNothingLeft();
    }

    @Test
    void theAnswerIsTheTextTheEngineWrites() {
        bench.engine.write("Grüße 😀!");
        List<GenerationEvent> events = bench.events(Bench.request(Limits.tokens(0)));
        assertEquals(new GenerationEvent.Started("local-fake", "print-1", 5, 3), events.getFirst());
        assertEquals("Grüße 😀!", Bench.text(events));
        assertEquals(Reason.STOP, Bench.finished(events).reason());
        int tokens = FakeTokenizer.ids("Grüße 😀!").length + 1;
        assertEquals(new GenerationEvent.Usage(3, 3, tokens), Bench.finished(events).usage());
        assertEquals(tokens + 2, events.size(), "an event per token");
    }

    @Test
    void noCharacterIsSplit() {
        bench.engine.write("a😀b");
        List<String> texts = bench.events(Bench.request(Limits.tokens(0))).stream()
                .filter(GenerationEvent.Delta.class::isInstance).map(event -> ((GenerationEvent.Delta) event).text()).toList();
        assertEquals(List.of("a", "", "", "", "😀", "b", ""), texts);
    }

    @Test
    void anAnswerThatReachesItsLimitSaysSoAndGivesOutWhatItHeldBack() {
        bench.engine.write("abcdefg");
        List<GenerationEvent> events = bench.events(Bench.request(new Limits(3, List.of("cX"), List.of(), 0, false)));
        assertEquals("abc", Bench.text(events));
        assertEquals(Reason.LENGTH, Bench.finished(events).reason());
        assertEquals(3, Bench.finished(events).usage().completionTokens());
    }

    @Test
    void aCharacterThatIsNeverCompletedIsReplaced() {
        bench.engine.write("a😀");
        assertEquals("a\uFFFD", Bench.text(bench.events(Bench.request(Limits.tokens(3)))));
    }

    @Test
    void aStopStringAcrossTokensEndsTheAnswerAndIsNoPartOfIt() {
        bench.engine.write("one\nUser: two");
        List<GenerationEvent> events = bench.events(Bench.request(Bench.stops("\nUser:", "zzz")));
        assertEquals("one", Bench.text(events));
        assertEquals(Reason.STOP, Bench.finished(events).reason());
        assertEquals("one\nUser:".length(), Bench.finished(events).usage().completionTokens());
    }

    private void assertStopped(String stop, int minTokens, String text, int tokens, Reason reason) {
        List<GenerationEvent> events = bench.events(Bench.request(new Limits(0, List.of(stop), List.of(), minTokens, false)));
        assertEquals(text, Bench.text(events));
        assertEquals(tokens, Bench.finished(events).usage().completionTokens());
        assertEquals(reason, Bench.finished(events).reason());
        bench.assertNothingLeft();
    }

    /** Its characters are single tokens, save the last but one, which is two. */
    @Test
    void aStopStringCountsOnlyOnceSoManyTokensAreWritten() {
        bench.engine.write("a,b,c,dü,");
        assertStopped(",", 0, "a", 2, Reason.STOP);
        assertStopped(",", 5, "a,b,c", 6, Reason.STOP);
        assertStopped("c", 5, "a,b,c,dü,", 11, Reason.STOP);
        assertStopped(",c,", 5, "a,b", 6, Reason.STOP);
        assertStopped("ü", 8, "a,b,c,d", 9, Reason.STOP);
        assertStopped("ü", 9, "a,b,c,dü,", 11, Reason.STOP);
        assertStopped(",", 97, "a,b,c,dü,", 11, Reason.STOP);
        bench.engine.writer = (request, position) -> Integer.valueOf(',');
        List<GenerationEvent> events = bench.events(Bench.request(new Limits(30, List.of(","), List.of(), 30, false)));
        assertEquals(",".repeat(30), Bench.text(events));
        assertEquals(Reason.LENGTH, Bench.finished(events).reason());
    }

    @Test
    void theStopSpelledLikeAControlTokenEndsTheAnswerThoughThatTokenHasNoText() {
        bench.engine.writer = (request, position) -> position == 2 ? FakeTokenizer.TURN : Integer.valueOf('a');
        List<GenerationEvent> events = bench.events(Bench.request(Bench.stops("<|im_end|>")));
        assertEquals("aa", Bench.text(events));
        assertEquals(Reason.STOP, Bench.finished(events).reason());
    }

    @Test
    void aStopIdEndsTheAnswerWithoutItsText() {
        bench.engine.write("abc");
        List<GenerationEvent> events = bench.events(Bench.request(new Limits(0, List.of(), List.of((int) 'b'), 0, false)));
        assertEquals("a", Bench.text(events));
        assertEquals(Reason.STOP, Bench.finished(events).reason());
    }

    @Test
    void whoHasTheEndIgnoredGetsAllTokens() {
        bench.engine.write("ab");
        List<GenerationEvent> events = bench.events(Bench.request(new Limits(5, List.of(), List.of(), 0, true)));
        assertEquals(5, Bench.finished(events).usage().completionTokens());
        assertEquals(Reason.LENGTH, Bench.finished(events).reason());
        assertEquals("ab", Bench.text(events));
    }

    @Test
    void probabilitiesComeWithTheirBytes() {
        bench.engine.write("ü");
        GenerateRequest request = Bench.with(Bench.request(Limits.tokens(0)), SamplingParameters.GREEDY, new Logprobs(2, true));
        List<GenerationEvent> events = bench.events(request);
        List<TokenProbability> prompt = assertInstanceOf(GenerationEvent.PromptScored.class, events.get(1)).tokens();
        assertEquals(List.of(256, (int) 'h', (int) 'i'), prompt.stream().map(TokenProbability::id).toList());
        assertTrue(Float.isNaN(prompt.getFirst().logprob()));
        assertEquals(-2, prompt.get(2).logprob());
        assertEquals("<s>", new String(prompt.getFirst().bytes()));
        TokenProbability half = assertInstanceOf(GenerationEvent.Delta.class, events.get(2)).tokens().getFirst();
        assertArrayEquals(new byte[] {(byte) 0xc3}, half.bytes());
        assertEquals(-0.5f, half.logprob());
        assertEquals(List.of((int) 'x', (int) 'y'), half.top().stream().map(TokenProbability::id).toList());
        assertEquals(-2, half.top().get(1).logprob());
    }

    @Test
    void controlTokensAreToldFromThoseThatAddToTheText() {
        bench.engine.write("a");
        GenerateRequest request = Bench.with(Bench.request(new Limits(2, List.of(), List.of(), 0, true)),
                SamplingParameters.GREEDY, new Logprobs(0, true));
        List<GenerationEvent> events = bench.events(request);
        assertEquals(List.of(true, false, false), assertInstanceOf(GenerationEvent.PromptScored.class, events.get(1)).tokens()
                .stream().map(TokenProbability::control).toList());
        assertEquals(List.of(false, true), events.subList(2, 4).stream()
                .map(event -> ((GenerationEvent.Delta) event).tokens().getFirst().control()).toList());
    }

    @Test
    void whatStopsTheEngineIsToldAsWhatItIs() {
        record Case(Fault fault, Class<? extends Failure> failure) {
        }
        for (Case it : List.of(new Case(Fault.NO_KERNEL, Failure.Unavailable.class),
                new Case(Fault.CLOSED, Failure.Unavailable.class), new Case(Fault.READER_STALLED, Failure.TimedOut.class),
                new Case(Fault.INTERNAL, Failure.Internal.class))) {
            bench.engine.instead = (request, position) -> position == 1 ? new TokenEvent.Failed(it.fault(), "because") : null;
            Failure failure = Bench.failure(bench.events(Bench.request(Limits.tokens(0))));
            assertInstanceOf(it.failure(), failure);
            assertEquals("because", failure.message());
        }
    }

    @Test
    void anEngineThatThrowsEndsTheAnswerWithAFailure() {
        bench.engine.writer = (request, position) -> {
            throw new IllegalStateException("secret");
        };
        Failure failure = Bench.failure(bench.events(Bench.request(Limits.tokens(0))));
        assertInstanceOf(Failure.Internal.class, failure);
        assertTrue(!failure.message().contains("secret"), failure.message());
    }

    @Test
    void aCancelledAnswerGivesItsPlaceBackAtOnceAndEndsQuietly() throws InterruptedException {
        Generation generation = bench.model.generate(Bench.request(Limits.tokens(0)));
        generation.next();
        generation.next();
        assertEquals(1, bench.admission.count());
        generation.close();
        assertEquals(0, bench.admission.count());
        generation.close();
        assertEquals(0, bench.admission.count());
        assertNull(generation.next());
    }

    @Test
    void anAnswerGivesItsPlaceBackWhenItsEndIsReadNotOnlyWhenItIsClosed() {
        bench.engine.write("a");
        Bench.rest(bench.model.generate(Bench.request(Limits.tokens(0))));
    }

    @Test
    void aDeadlineEndsTheAnswer() throws InterruptedException {
        Instant deadline = Bench.NOW.plusSeconds(1);
        RequestContext context = new RequestContext("r", "", "", 0, Optional.of(deadline), "", "", Optional.empty(),
                Optional.empty());
        Generation generation = bench.model.generate(Bench.with(Bench.request(Limits.tokens(0)), context));
        generation.next();
        assertInstanceOf(GenerationEvent.Delta.class, generation.next());
        bench.now = deadline.plusMillis(1);
        Failure failure = assertInstanceOf(GenerationEvent.Failed.class, generation.next()).failure();
        assertTrue(assertInstanceOf(Failure.TimedOut.class, failure).message().contains("after 1 tokens"), failure.message());
        assertNull(generation.next());
    }

    @Test
    void aRequestWithoutASeedGetsOneThatEveryClientCanRepeat() {
        SamplingParameters unseeded = SamplingParameters.PLAIN;
        GenerateRequest request = Bench.with(Bench.request(Limits.tokens(1)), unseeded, Logprobs.NONE);
        long first = ((GenerationEvent.Started) bench.events(request).getFirst()).seed();
        long second = ((GenerationEvent.Started) bench.events(request).getFirst()).seed();
        assertTrue(first != second && first >= 0 && first < 1L << 53, () -> first + " " + second);
        assertEquals(List.of(OptionalLong.of(first), OptionalLong.of(second)),
                bench.engine.submitted.stream().map(sequence -> sequence.sampling().seed()).toList());
    }
}
