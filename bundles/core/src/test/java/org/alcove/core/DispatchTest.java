package org.alcove.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.alcove.api.control.Dispatch;
import org.alcove.api.scheduling.Choice;
import org.alcove.api.worker.Failure;
import org.alcove.api.worker.GenerateRequest;
import org.alcove.api.worker.Generation;
import org.alcove.api.worker.GenerationEvent;
import org.alcove.api.worker.RequestContext;
import org.alcove.api.worker.RequestException;
import org.alcove.api.worker.WorkerStatus.State;
import org.alcove.ranked.Origin;
import org.junit.jupiter.api.Test;

class DispatchTest {

    private final Platform platform = new Platform();

    @Test
    void theEventsOfTheWorkerReachTheReader() throws InterruptedException {
        platform.worker("w", "m");
        try (Generation generation = platform.generate("m")) {
            assertInstanceOf(GenerationEvent.Started.class, generation.next());
            assertEquals("a", assertInstanceOf(GenerationEvent.Delta.class, generation.next()).text());
            assertEquals("b", assertInstanceOf(GenerationEvent.Delta.class, generation.next()).text());
            assertInstanceOf(GenerationEvent.Finished.class, generation.next());
            assertNull(generation.next());
        }
        platform.assertNothingOpen();
    }

    @Test
    void thePlaceInLineIsTheWorkersToTell() {
        FakeGeneration waiting = FakeGeneration.saying("a");
        platform.worker("w", "m").answers = request -> waiting;
        try (Generation generation = platform.generate("m")) {
            assertEquals(0, generation.placeInLine());
            waiting.place = 3;
            assertEquals(3, generation.placeInLine());
            waiting.place = -1;
            assertEquals(0, generation.placeInLine(), "it threw, which is no reason to lose the answer");
        }
    }

    @Test
    void anUnknownModelIsRefusedWithTheModelsThereAre() {
        platform.worker("w1", "small");
        platform.worker("w2", "large");
        Failure.UnknownModel failure = platform.refusal(Failure.UnknownModel.class, "other");
        assertEquals("other", failure.model());
        assertTrue(failure.message().contains("models served: large, small"), failure.message());
    }

    @Test
    void withoutAnyModelTheFailureSaysHowToGetOne() {
        assertTrue(platform.refusal(Failure.UnknownModel.class, "m").message().contains("--model PATH"));
    }

    @Test
    void theFailureGivesTheTrueReasonForEveryState() {
        FakeWorker worker = platform.worker("w", "m");
        Map<State, String> words = Map.of(State.STARTING, "loading", State.PAUSED, "paused", State.DRAINING, "finishes");
        words.forEach((state, word) -> {
            worker.state = state;
            worker.reason = "because of " + state;
            Failure.Unavailable failure = platform.refusal(Failure.Unavailable.class, "m");
            assertTrue(failure.message().contains(word) && failure.message().contains("because of " + state),
                    failure.message());
            assertTrue(failure.retryAfter().compareTo(Duration.ZERO) > 0);
        });
    }

    @Test
    void aMissingPolicyIsNamedWithThoseThatAreInstalled() {
        platform.worker("w", "m");
        platform.policies.add("other", Platform.FIRST, platform.origin("x"));
        platform.controller.configure(withPolicy("absent", Map.of()));
        assertEquals("no scheduling policy named absent is installed; installed: first, other",
                platform.refusal(Failure.Unavailable.class, "m").message());
        assertTrue(platform.controller.policy().contains("no scheduling policy named absent"), platform.controller.policy());
    }

    private static Settings withPolicy(String policy, Map<String, String> perModel) {
        return Platform.settings(policy, perModel, 3);
    }

    @Test
    void aPolicyThatThrowsOrChoosesAStrangerIsBlamedByItsBundle() {
        platform.worker("w", "m");
        WorkerSnapshot stranger = WorkerSnapshot.silent(platform.origin("x"), platform.time.now());
        platform.policies.add("throws", (r, c, x) -> {
            throw new IllegalStateException("oops");
        }, platform.origin("bad"));
        platform.policies.add("stranger", (r, c, x) -> new Choice(stranger, "?"), platform.origin("bad"));
        platform.policies.add("copy", (r, c, x) -> new Choice(((WorkerSnapshot) c.getFirst()).withQueue(0), "?"),
                platform.origin("bad"));
        platform.policies.add("null", (r, c, x) -> null, platform.origin("bad"));
        platform.policies.add("unlinked", (r, c, x) -> {
            throw new NoClassDefFoundError("gone");
        }, platform.origin("bad"));
        for (String policy : List.of("throws", "stranger", "copy", "null", "unlinked")) {
            platform.controller.configure(withPolicy(policy, Map.of()));
            Failure.Internal failure = platform.refusal(Failure.Internal.class, "m");
            assertTrue(failure.message().contains("bad 1.0.0") && failure.message().contains(policy), failure.message());
        }
        platform.assertNothingOpen();
    }

    @Test
    void whateverAPolicyThrowsTheRequestFailsWithItsBundlesName() {
        platform.worker("w", "m");
        for (Throwable thrown : List.of(new InternalError("full"), new Exception("checked"), new Throwable("bare"))) {
            platform.policies.add(thrown.getMessage(), (r, c, x) -> sneak(thrown), platform.origin("bad"));
            platform.controller.configure(withPolicy(thrown.getMessage(), Map.of()));
            assertEquals("the scheduling policy " + thrown.getMessage() + " of bundle bad 1.0.0 threw " + thrown
                    + "; replace that bundle, or configure another policy",
                    platform.refusal(Failure.Internal.class, "m").message());
            assertEquals(1, platform.records.size(), "the request is told of");
            platform.records.clear();
        }
        platform.assertNothingOpen();
    }

    /** Throws what need not be declared, as code of other languages does. */
    @SuppressWarnings("unchecked")
    private static <T extends Throwable> Choice sneak(Throwable thrown) throws T {
        throw (T) thrown;
    }

    @Test
    void aModelCanHaveAPolicyOfItsOwn() throws InterruptedException {
        platform.worker("w", "m", "n");
        platform.policies.add("other", Platform.FEWEST, platform.origin("x"));
        platform.controller.configure(withPolicy("first", Map.of("n", "other")));
        Platform.last(platform.generate("m"));
        Platform.last(platform.generate("n"));
        assertEquals(List.of("other", "first"), platform.controller.dispatches().stream().map(Dispatch::policy).toList());
        assertEquals("first; for n: other", platform.controller.policy());
    }

    @Test
    void ofTwoPoliciesOfOneNameTheBestRankingIsUsedUntilItGoes() {
        platform.worker("w", "m");
        platform.policies.add("first", (r, c, x) -> new Choice(c.getFirst(), "the better one"), new Origin(900, 5, "better"));
        platform.generate("m").close();
        platform.policies.remove(900);
        platform.generate("m").close();
        assertEquals(List.of("the first", "the better one"),
                platform.controller.dispatches().stream().map(Dispatch::reason).toList());
    }

    @Test
    void aWorkerWithoutRoomIsReplacedByAnother() throws InterruptedException {
        platform.worker("full", "m").refuseWith(new Failure.Overloaded(Duration.ofSeconds(3), "full"));
        platform.worker("free", "m");
        assertInstanceOf(GenerationEvent.Finished.class, Platform.last(platform.generate("m")));
        assertEquals("free", platform.records.getFirst().worker());
        platform.assertNothingOpen();
    }

    @Test
    void whereNobodyHasRoomTheLastRefusalIsGiven() {
        platform.worker("w1", "m").refuseWith(new Failure.Unavailable(Duration.ofSeconds(1), "one"));
        platform.worker("w2", "m").refuseWith(new Failure.Overloaded(Duration.ofSeconds(2), "two"));
        assertEquals("two", platform.refusal(Failure.Overloaded.class, "m").message());
        assertEquals(2, platform.controller.dispatches().size(), "each is asked once");
        platform.assertNothingOpen();
    }

    @Test
    void whatIsWrongWithTheRequestIsNotTriedElsewhere() {
        platform.worker("w1", "m").refuseWith(new Failure.ContextOverflow(5, 5, 8));
        platform.worker("w2", "m");
        platform.refusal(Failure.ContextOverflow.class, "m");
        assertEquals(1, platform.controller.dispatches().size());
    }

    @Test
    void aRefusalAsTheFirstEventIsTriedElsewhereToo() throws InterruptedException {
        Failure full = new Failure.Overloaded(Duration.ofSeconds(3), "full");
        platform.worker("full", "m").answers = request -> FakeGeneration.failing(full);
        FakeWorker other = platform.worker("free", "m");
        try (Generation generation = platform.generate("m")) {
            assertInstanceOf(GenerationEvent.Started.class, generation.next());
        }
        platform.assertNothingOpen();
        other.answers = request -> FakeGeneration.failing(full);
        assertEquals(full, assertInstanceOf(GenerationEvent.Failed.class, Platform.last(platform.generate("m"))).failure());
        platform.assertNothingOpen();
    }

    @Test
    void aWorkerThatThrowsIsBlamedByItsBundle() {
        FakeWorker worker = platform.worker("w", "m");
        worker.answers = request -> {
            throw new IllegalStateException("secret");
        };
        Failure.Internal failure = platform.refusal(Failure.Internal.class, "m");
        assertTrue(failure.message().contains("bundle-of-w 1.0.0") && !failure.message().contains("secret"), failure.message());
        worker.answers = request -> null;
        platform.refusal(Failure.Internal.class, "m");
        platform.assertNothingOpen();
    }

    @Test
    void anAnswerThatEndsWithoutAnEndIsAFailure() throws InterruptedException {
        platform.worker("w", "m").answers = request -> new FakeGeneration(List.of(FakeGeneration.started()));
        assertInstanceOf(Failure.Internal.class,
                assertInstanceOf(GenerationEvent.Failed.class, Platform.last(platform.generate("m"))).failure());
        platform.assertNothingOpen();
    }

    @Test
    void aRequestWhoseDeadlineHasPassedIsNotStarted() {
        platform.worker("w", "m");
        RequestContext late = new RequestContext("r", "", "", 0, Optional.of(platform.time.now().minusSeconds(1)), "", "",
                Optional.empty(), Optional.empty());
        GenerateRequest request = Platform.request("m");
        GenerateRequest dated = new GenerateRequest("m", late, request.input(), request.sampling(), request.limits(),
                request.logprobs());
        assertInstanceOf(Failure.TimedOut.class,
                assertThrows(RequestException.class, () -> platform.controller.generate(dated)).failure());
    }

    @Test
    void theHistoryKeepsTheLastChoicesNewestFirst() {
        platform.controller.configure(withPolicy("first", Map.of()));
        platform.worker("w", "m");
        for (int i = 0; i < 5; i++) {
            platform.generate("m").close();
        }
        List<Dispatch> dispatches = platform.controller.dispatches();
        assertEquals(3, dispatches.size());
        assertNotNull(dispatches.getFirst().when());
        assertEquals("w", dispatches.getFirst().candidates().getFirst().id());
        assertEquals("the first", dispatches.getFirst().reason());
    }

    @Test
    void modelsThatAreStillLoadingAreNotListed() {
        platform.worker("w1", "b");
        platform.worker("w2", "a");
        platform.worker("w3", "a");
        platform.worker("w4", "c").state = State.STARTING;
        assertEquals(List.of("a", "b"), platform.controller.models().stream().map(card -> card.name()).toList());
    }
}
