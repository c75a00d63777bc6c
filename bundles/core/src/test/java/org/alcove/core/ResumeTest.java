package org.alcove.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Stream;
import org.alcove.api.control.Dispatch;
import org.alcove.api.control.RequestObserver;
import org.alcove.api.worker.Failure;
import org.alcove.api.worker.GenerateRequest;
import org.alcove.api.worker.Generation;
import org.alcove.api.worker.GenerationEvent;
import org.alcove.api.worker.RequestContext;
import org.alcove.api.worker.TokenProbability;
import org.junit.jupiter.api.Test;

class ResumeTest {

    private static final String TEXT = "a story";
    /** Started, a delta for each token, the text held back, Finished. */
    private static final int EVENTS = TEXT.length() + 3;

    private static List<GenerationEvent> rest(Generation generation) throws InterruptedException {
        List<GenerationEvent> events = new ArrayList<>();
        for (GenerationEvent event = generation.next(); event != null; event = generation.next()) {
            events.add(event);
        }
        return events;
    }

    private static String text(List<GenerationEvent> events) {
        StringBuilder text = new StringBuilder();
        events.forEach(event -> text.append(event instanceof GenerationEvent.Delta delta ? delta.text() : ""));
        return text.toString();
    }

    private static Failure failure(List<GenerationEvent> events) {
        return assertInstanceOf(GenerationEvent.Failed.class, events.getLast()).failure();
    }

    private static void assertWhole(List<GenerationEvent> events, String what) {
        assertEquals(TEXT, text(events), what);
        assertEquals(1, events.stream().filter(GenerationEvent.Started.class::isInstance).count(), what);
        assertEquals(TEXT.length(), assertInstanceOf(GenerationEvent.Finished.class, events.getLast(), what).usage()
                .completionTokens(), what);
        List<Integer> ids = events.stream().flatMap(event -> event instanceof GenerationEvent.Delta delta
                ? delta.tokens().stream().map(TokenProbability::id) : Stream.of()).toList();
        assertEquals(List.of(1, 2, 3, 4, 5, 6, 7), ids, what);
    }

    @Test
    void anAnswerIsWholeWhereverAndHoweverItsWorkerIsLost() throws InterruptedException {
        for (Scribe.End end : List.of(Scribe.End.THROWS, Scribe.End.STOPS, Scribe.End.UNAVAILABLE, Scribe.End.INTERNAL)) {
            for (int cut = 0; cut < EVENTS; cut++) {
                Platform platform = new Platform();
                Scribe.writes(TEXT, platform.worker("a", "m"), cut, end);
                Scribe.writes(TEXT, platform.worker("b", "m"));
                String what = end + " before event " + cut;
                assertWhole(rest(platform.generate("m")), what);
                RequestObserver.Record record = platform.records.getFirst();
                assertEquals("b", record.worker(), what);
                assertEquals(TEXT.length(), record.answerTokens(), what);
                assertEquals(1, platform.records.size(), what);
                assertEquals(2, platform.controller.dispatches().size(), what);
                platform.assertNothingOpen();
            }
        }
    }

    @Test
    void theHistorySaysWhoWasLostAndWhy() throws InterruptedException {
        Platform platform = new Platform();
        Scribe.writes(TEXT, platform.worker("a", "m"), 4, Scribe.End.UNAVAILABLE);
        Scribe.writes(TEXT, platform.worker("b", "m"));
        rest(platform.generate("m"));
        assertEquals("goes on after 3 tokens, because worker a was lost (drains): the first",
                platform.controller.dispatches().getFirst().reason());
    }

    /** What a worker that never fails is asked. */
    private static List<GenerateRequest> watched(FakeWorker worker) {
        List<GenerateRequest> asked = new ArrayList<>();
        worker.answers = request -> {
            asked.add(request);
            return new Scribe(TEXT, worker, request, Integer.MAX_VALUE, Scribe.End.STOPS);
        };
        return asked;
    }

    @Test
    void thePromptIsScoredForTheReaderOnce() throws InterruptedException {
        Platform platform = new Platform();
        Scribe.writes(TEXT, platform.worker("a", "m"), 2, Scribe.End.STOPS);
        List<GenerateRequest> second = watched(platform.worker("b", "m"));
        GenerateRequest request = Platform.request("m");
        List<GenerationEvent> events = rest(platform.controller.generate(new GenerateRequest("m", request.context(),
                request.input(), request.sampling(), request.limits(), new GenerateRequest.Logprobs(1, true))));
        assertWhole(events, "");
        assertEquals(1, events.stream().filter(GenerationEvent.PromptScored.class::isInstance).count());
        assertEquals(new GenerateRequest.Logprobs(1, false), second.getFirst().logprobs());
    }

    @Test
    void theSeedThatWasToldIsTheSeedOfTheOneThatBeginsAgain() throws InterruptedException {
        Platform platform = new Platform();
        Scribe.writes(TEXT, platform.worker("a", "m"), 1, Scribe.End.STOPS);
        List<GenerateRequest> second = watched(platform.worker("b", "m"));
        assertWhole(rest(platform.generate("m")), "");
        assertEquals(42, second.getFirst().sampling().seed().orElseThrow());
    }

    @Test
    void severalLossesInOneAnswerAreSurvived() throws InterruptedException {
        Platform platform = new Platform();
        for (int i = 0; i < TEXT.length(); i++) {
            Scribe.writes(TEXT, platform.worker("w" + i, "m"), 2, Scribe.End.UNAVAILABLE);
        }
        Scribe.writes(TEXT, platform.worker("last", "m"));
        assertWhole(rest(platform.generate("m")), "");
        assertEquals(TEXT.length() + 1, platform.controller.dispatches().size());
        platform.assertNothingOpen();
    }

    @Test
    void anAnswerThatLosesEveryWorkerIsGivenUp() throws InterruptedException {
        Platform platform = new Platform();
        for (int i = 0; i < 20; i++) {
            Scribe.writes(TEXT.repeat(5), platform.worker("w" + i, "m"), 2, Scribe.End.UNAVAILABLE);
        }
        assertInstanceOf(Failure.Unavailable.class, failure(rest(platform.generate("m"))));
        assertEquals(9, platform.controller.dispatches().size());
    }

    @Test
    void aRequestThatMakesWorkersFailIsNotTakenToAllOfThem() throws InterruptedException {
        for (int cut : new int[] {0, 1, 3}) {
            Platform platform = new Platform();
            for (int i = 0; i < 5; i++) {
                Scribe.writes(TEXT, platform.worker("w" + i, "m"), cut, Scribe.End.INTERNAL);
            }
            assertInstanceOf(Failure.Internal.class, failure(rest(platform.generate("m"))));
            assertEquals(3, platform.controller.dispatches().size(), "cut " + cut);
            platform.assertNothingOpen();
        }
        Platform platform = new Platform();
        AtomicInteger asked = new AtomicInteger();
        for (int i = 0; i < 5; i++) {
            platform.worker("w" + i, "m").answers = request -> {
                asked.incrementAndGet();
                throw new IllegalStateException("garbage");
            };
        }
        platform.refusal(Failure.Internal.class, "m");
        assertEquals(3, asked.get());
    }

    @Test
    void anotherFingerprintDoesNotGoOnAndTheReaderIsToldAfterAWhile() throws InterruptedException {
        Platform platform = new Platform();
        Scribe.writes(TEXT, platform.worker("a", "m"), 3, Scribe.End.STOPS);
        FakeWorker other = platform.worker("b", "m");
        other.fingerprint = "g";
        Scribe.writes(TEXT, other);
        long before = platform.time.nanos();
        List<GenerationEvent> events = rest(platform.generate("m"));
        String message = failure(events).message();
        assertTrue(message.contains("bundle-of-a") && message.contains("worker b has other weights or numerics (g)"), message);
        assertEquals(Duration.ofSeconds(5), Duration.ofNanos(platform.time.nanos() - before));
        assertEquals("a", text(events));
        platform.assertNothingOpen();
    }

    @Test
    void whereNothingButTheBeginningWasToldAnotherFingerprintBeginsAgainAndSaysSo() throws InterruptedException {
        Platform platform = new Platform();
        Scribe.writes(TEXT, platform.worker("a", "m"), 1, Scribe.End.STOPS);
        FakeWorker other = platform.worker("b", "m");
        other.fingerprint = "g";
        Scribe.writes(TEXT, other);
        List<GenerationEvent> events = rest(platform.generate("m"));
        assertEquals(TEXT, text(events));
        assertEquals("g", assertInstanceOf(GenerationEvent.Started.class, events.get(1)).fingerprint());
        assertTrue(platform.controller.dispatches().getFirst().reason().startsWith("begun again, because worker a was lost"));
    }

    @Test
    void aWorkerThatIsStartedAgainInTimeGoesOn() throws InterruptedException {
        Platform platform = new Platform();
        Scribe.writes(TEXT, platform.worker("a", "m"), 3, Scribe.End.STOPS);
        platform.time.whileWaiting = () -> {
            if (platform.time.waits.get() == 3) {
                Scribe.writes(TEXT, platform.worker("a", "m"));
            }
        };
        assertWhole(rest(platform.generate("m")), "");
        platform.assertNothingOpen();
    }

    @Test
    void aWorkerThatHasNoRoomNowIsAskedAgainWhileThereIsTime() throws InterruptedException {
        Platform platform = new Platform();
        Scribe.writes(TEXT, platform.worker("a", "m"), 3, Scribe.End.STOPS);
        FakeWorker full = platform.worker("b", "m");
        Failure overloaded = new Failure.Overloaded(Duration.ofSeconds(1), "full");
        full.refuseWith(overloaded);
        platform.time.whileWaiting = () -> {
            if (platform.time.waits.get() == 2) {
                full.answers = request -> FakeGeneration.failing(overloaded);
            } else if (platform.time.waits.get() == 3) {
                Scribe.writes(TEXT, full);
            }
        };
        assertWhole(rest(platform.generate("m")), "");
        platform.assertNothingOpen();
    }

    @Test
    void aFaultOfTheOnlyWorkerIsToldAtOnce() throws InterruptedException {
        Platform platform = new Platform();
        Scribe.writes(TEXT, platform.worker("a", "m"), 3, Scribe.End.INTERNAL);
        assertTrue(failure(rest(platform.generate("m"))).message().startsWith("numbers are not finite"));
        assertEquals(0, platform.time.waits.get());
    }

    @Test
    void whoeverIsInterruptedWhileWaitingMayAskAgain() throws InterruptedException {
        Platform platform = new Platform();
        Scribe.writes(TEXT, platform.worker("a", "m"), 1, Scribe.End.STOPS);
        Generation generation = platform.generate("m");
        generation.next();
        platform.time.whileWaiting = () -> Thread.currentThread().interrupt();
        assertThrows(InterruptedException.class, generation::next);
        platform.time.whileWaiting = () -> { };
        Scribe.writes(TEXT, platform.worker("b", "m"));
        assertEquals(TEXT, text(rest(generation)));
    }

    @Test
    void aReaderThatGoesAwayWhileAnotherWorkerIsAwaitedEndsTheWaiting() throws InterruptedException {
        Platform platform = new Platform();
        Scribe.writes(TEXT, platform.worker("a", "m"), 3, Scribe.End.STOPS);
        Generation generation = platform.generate("m");
        platform.time.whileWaiting = generation::close;
        assertEquals("a", text(rest(generation)));
        assertNull(generation.next());
        assertEquals(1, platform.time.waits.get());
        assertInstanceOf(RequestObserver.Outcome.Cancelled.class, platform.records.getFirst().outcome());
        platform.assertNothingOpen();
    }

    @Test
    void nobodyIsAwaitedBeyondTheDeadlineNorOnceTheControllerStops() throws InterruptedException {
        Platform platform = new Platform();
        Scribe.writes(TEXT, platform.worker("a", "m"), 3, Scribe.End.STOPS);
        long before = platform.time.nanos();
        GenerateRequest request = Platform.request("m");
        RequestContext dated = new RequestContext("r", "", "", 0, Optional.of(platform.time.now().plusSeconds(2)), "", "",
                Optional.empty(), Optional.empty());
        rest(platform.controller.generate(new GenerateRequest("m", dated, request.input(), request.sampling(), request.limits(),
                request.logprobs())));
        assertEquals(2, Duration.ofNanos(platform.time.nanos() - before).toSeconds());
        Generation second = platform.generate("m");
        platform.controller.stop();
        assertInstanceOf(GenerationEvent.Failed.class, rest(second).getLast());
        assertEquals(2, Duration.ofNanos(platform.time.nanos() - before).toSeconds());
    }

    @Test
    void aSecondWorkerThatWritesAnotherTextIsNotBelieved() throws InterruptedException {
        Platform platform = new Platform();
        // Lost after the text that was held back, which no state covers.
        Scribe.writes(TEXT, platform.worker("a", "m"), EVENTS - 1, Scribe.End.STOPS);
        Scribe.writes("a storm", platform.worker("b", "m"));
        Scribe.writes(TEXT, platform.worker("c", "m"));
        assertWhole(rest(platform.generate("m")), "");
        assertTrue(platform.controller.dispatches().getFirst().reason().contains("worker b was lost (worker b went on with "
                + "another text"), platform.controller.dispatches().getFirst().reason());
    }

    @Test
    void textWithoutAStateCannotBeGoneOnWith() throws InterruptedException {
        Platform platform = new Platform();
        Function<GenerateRequest, Generation> stateless = request -> new FakeGeneration(
                List.of(FakeGeneration.started(), FakeGeneration.delta("x")));
        platform.worker("a", "m").answers = stateless;
        platform.worker("b", "m").answers = stateless;
        assertInstanceOf(Failure.Internal.class, failure(rest(platform.generate("m"))));
        assertEquals(List.of("the first"), platform.controller.dispatches().stream().map(Dispatch::reason).toList());
    }
}
