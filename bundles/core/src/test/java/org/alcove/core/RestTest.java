package org.alcove.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.ConnectException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.alcove.api.control.WorkerChoice;
import org.alcove.api.worker.Failure;
import org.alcove.api.worker.Generation;
import org.alcove.api.worker.GenerationEvent;
import org.alcove.api.worker.RequestException;
import org.alcove.api.worker.WorkerStatus.State;
import org.junit.jupiter.api.Test;

class RestTest {

    private static final Settings REST = new Settings("first", Map.of(), Duration.ofSeconds(5), Duration.ofSeconds(150),
            Duration.ofSeconds(600), 100, Duration.ofSeconds(5),
            new Rest.Rule(3, Duration.ofSeconds(1), Duration.ofSeconds(4)), List.of());

    private final Platform platform = new Platform();
    private final AtomicInteger asked = new AtomicInteger();

    RestTest() {
        platform.controller.configure(REST);
    }

    private FakeWorker failing() {
        FakeWorker worker = platform.worker("bad", "m");
        fail(worker, new Failure.Internal("garbage"));
        return worker;
    }

    private void fail(FakeWorker worker, Failure failure) {
        worker.answers = request -> {
            asked.incrementAndGet();
            throw new RequestException(failure);
        };
    }

    private void ask(int times) throws InterruptedException {
        for (int i = 0; i < times; i++) {
            Platform.last(platform.generate("m"));
        }
    }

    private void pass(int millis) {
        platform.time.pass(Duration.ofMillis(millis));
    }

    @Test
    void aWorkerThatAnswersErrorsIsLeftAloneThenTriedThenLeftAloneForLonger() throws InterruptedException {
        FakeWorker bad = failing();
        platform.worker("good", "m");
        ask(5);
        assertEquals(3, asked.get());
        assertEquals(State.PAUSED, platform.status("bad").state());
        assertEquals("it answered 3 errors in a row, and it rests for another 1 s; the last error: garbage",
                platform.status("bad").reason());
        pass(1000);
        assertEquals(State.READY, platform.status("bad").state());
        assertTrue(platform.status("bad").reason().contains("the next request is on trial"));
        ask(3);
        assertEquals(4, asked.get());
        for (int seconds : new int[] {2, 4, 4}) {
            pass(1000 * seconds - 1);
            ask(1);
            int before = asked.get();
            pass(1);
            ask(2);
            assertEquals(before + 1, asked.get(), seconds + " s");
        }
        bad.answers = request -> FakeGeneration.saying("a");
        pass(4000);
        ask(1);
        assertEquals("bad", platform.records.getLast().worker());
        assertEquals("", platform.status("bad").reason());
        fail(bad, new Failure.Internal("garbage"));
        ask(3);
        pass(1000);
        assertEquals(State.READY, platform.status("bad").state(), "after an answer the first rest is short again");
        platform.assertNothingOpen();
    }

    @Test
    void oneRequestAtATimeIsOnTrial() throws InterruptedException {
        FakeWorker bad = failing();
        platform.worker("good", "m");
        ask(3);
        pass(1000);
        bad.answers = request -> FakeGeneration.saying("a", "b");
        Generation trial = platform.generate("m");
        assertEquals(State.PAUSED, platform.status("bad").state());
        assertTrue(platform.status("bad").reason().contains("one request is on trial"));
        ask(1);
        assertEquals("good", platform.records.getLast().worker());
        trial.next();
        trial.next();
        assertEquals(State.READY, platform.status("bad").state(), "the answer has begun");
        trial.close();
        assertEquals("", platform.status("bad").reason());
    }

    @Test
    void aTrialThatTellsNothingIsTheNextRequests() throws InterruptedException {
        FakeWorker bad = failing();
        platform.worker("good", "m");
        ask(3);
        pass(1000);
        bad.answers = request -> FakeGeneration.saying("a", "b");
        platform.generate("m").close();
        assertEquals(State.READY, platform.status("bad").state());
        ask(1);
        assertEquals("bad", platform.records.getLast().worker());
        assertEquals("", platform.status("bad").reason());
    }

    @Test
    void noRoomAndFaultsOfTheRequestAreNoErrors() throws InterruptedException {
        FakeWorker worker = failing();
        platform.worker("good", "m");
        for (Failure failure : List.of(new Failure.Overloaded(Duration.ofSeconds(1), "full"),
                new Failure.Unavailable(Duration.ofSeconds(1), "no template"))) {
            fail(worker, failure);
            ask(5);
        }
        assertEquals(10, asked.get());
        fail(worker, new Failure.Invalid("x", "nonsense"));
        for (int i = 0; i < 5; i++) {
            platform.refusal(Failure.Invalid.class, "m");
        }
        assertEquals(15, asked.get());
    }

    @Test
    void aConnectionThatFailsIsAnErrorAndSoIsAnAnswerThatBreaksOff() throws InterruptedException {
        FakeWorker worker = platform.worker("bad", "m");
        Scribe.writes("a story", platform.worker("good", "m"));
        worker.answers = request -> {
            throw new RequestException(new Failure.Unavailable(Duration.ofSeconds(1), "refused"), new ConnectException());
        };
        ask(2);
        Scribe.writes("a story", worker, 3, Scribe.End.STOPS);
        ask(1);
        assertEquals(State.PAUSED, platform.status("bad").state());
    }

    @Test
    void whoFallsSilentInTheMiddleOfAnswersRestsToo() throws InterruptedException {
        FakeWorker bad = platform.worker("bad", "m");
        Scribe.writes("a story", platform.worker("good", "m"));
        bad.answers = request -> {
            asked.incrementAndGet();
            return new Scribe("a story", bad, request, 3, Scribe.End.UNAVAILABLE);
        };
        ask(5);
        assertEquals(3, asked.get());
        assertEquals(State.PAUSED, platform.status("bad").state());
    }

    @Test
    void whoTakesNothingAnyMoreAndHandsItsAnswersOverHasNotFailed() throws InterruptedException {
        for (State state : new State[] {State.DRAINING, State.PAUSED}) {
            Platform house = new Platform();
            house.controller.configure(REST);
            FakeWorker leaving = house.worker("leaving", "m");
            Scribe.writes("a story", house.worker("good", "m"));
            leaving.answers = request -> {
                asked.incrementAndGet();
                leaving.state = state;
                return new Scribe("a story", leaving, request, 3, Scribe.End.UNAVAILABLE);
            };
            for (int i = 0; i < 5; i++) {
                assertInstanceOf(GenerationEvent.Finished.class, Platform.last(house.generate("m")));
                leaving.state = State.READY;
            }
            assertEquals(5, asked.getAndSet(0), () -> "after it was " + state);
            assertEquals("", house.status("leaving").reason());
        }
    }

    @Test
    void whoBreaksOffHasFailedAlthoughItDrains() throws InterruptedException {
        FakeWorker bad = platform.worker("bad", "m");
        Scribe.writes("a story", platform.worker("good", "m"));
        bad.answers = request -> {
            bad.state = State.DRAINING;
            return new Scribe("a story", bad, request, 3, Scribe.End.THROWS);
        };
        for (int i = 0; i < 3; i++) {
            ask(1);
            bad.state = State.READY;
        }
        assertEquals(State.PAUSED, platform.status("bad").state());
    }

    @Test
    void anAnswerInBetweenMakesTheErrorsCountFromTheBeginning() throws InterruptedException {
        FakeWorker bad = failing();
        platform.worker("good", "m");
        ask(2);
        bad.answers = request -> FakeGeneration.saying("a");
        ask(1);
        fail(bad, new Failure.Internal("garbage"));
        ask(2);
        assertEquals(State.READY, platform.status("bad").state());
    }

    @Test
    void whereAllRestTheAnswerSaysSoAndWhenToComeBack() {
        failing();
        for (int i = 0; i < 3; i++) {
            platform.refusal(Failure.Internal.class, "m");
        }
        platform.time.pass(Duration.ofMillis(1));
        Failure.Unavailable resting = platform.refusal(Failure.Unavailable.class, "m");
        assertEquals(Duration.ofSeconds(1), resting.retryAfter());
        assertTrue(resting.message().contains("worker bad is paused (it answered 3 errors in a row"), resting.message());
    }

    @Test
    void workersThatRestAreNotToBeChosenElsewhereEither() throws InterruptedException {
        failing();
        ask(0);
        for (int i = 0; i < 3; i++) {
            platform.refusal(Failure.Internal.class, "m");
        }
        platform.worker("good", "m");
        Set<String> seen = new HashSet<>();
        platform.remote.set((request, excluded, fingerprint) -> {
            seen.addAll(excluded);
            throw new RequestException(new Failure.Unavailable(Duration.ofSeconds(1), "nobody else"));
        });
        platform.workers.remove(platform.workers.all().getLast().origin().id());
        assertTrue(platform.refusal(Failure.Unavailable.class, "m").message().contains("it answered 3 errors in a row"));
        assertEquals(Set.of("bad"), seen);
    }

    @Test
    void whoWasChosenElsewhereWhileTheTrialWasGivenToAnotherIsChosenAgain() throws InterruptedException {
        failing();
        platform.worker("good", "m");
        ask(3);
        pass(1000);
        WorkerChoice[] trial = new WorkerChoice[1];
        platform.remote.set((request, excluded, fingerprint) -> {
            if (trial[0] == null) {
                // While the controller chooses, another request of this process is put on trial.
                trial[0] = platform.controller.choose(Platform.request("m"), Set.of(), Optional.empty());
            }
            return choice(excluded.contains("bad") ? "good" : "bad");
        });
        ask(1);
        assertEquals("bad", trial[0].worker());
        assertEquals(3, asked.get(), "the second one has not been given to the worker on trial");
    }

    private static WorkerChoice choice(String worker) {
        return new WorkerChoice() {
            @Override
            public String worker() {
                return worker;
            }

            @Override
            public String reason() {
                return "elsewhere";
            }

            @Override
            public void close() {
                // It is not counted.
            }
        };
    }

    @Test
    void zeroErrorsMeanNoRestEver() throws InterruptedException {
        platform.controller.configure(Platform.SETTINGS);
        failing();
        platform.worker("good", "m");
        ask(10);
        assertEquals(10, asked.get());
        assertFalse(platform.status("bad").reason().contains("rests"));
        WorkerChoice choice = platform.controller.choose(Platform.request("m"), Set.of(), Optional.empty());
        assertEquals("bad", choice.worker());
        assertInstanceOf(GenerationEvent.Finished.class, Platform.last(platform.generate("m")));
    }
}
