package org.alcove.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.ConnectException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.alcove.api.control.WorkerChoice;
import org.alcove.api.control.WorkerChooser;
import org.alcove.api.worker.Failure;
import org.alcove.api.worker.GenerationEvent;
import org.alcove.api.worker.Request;
import org.alcove.api.worker.RequestException;
import org.alcove.api.worker.WorkerStatus;
import org.junit.jupiter.api.Test;

class ChooserTest {

    private final Platform platform = new Platform();

    /** A controller elsewhere, which chooses by the ids that are excluded. */
    private static final class Elsewhere implements WorkerChooser {

        final List<Set<String>> excluded = new ArrayList<>();
        final List<Optional<String>> fingerprints = new ArrayList<>();
        final AtomicInteger held = new AtomicInteger();
        Function<Set<String>, String> chooses;

        Elsewhere(Function<Set<String>, String> chooses) {
            this.chooses = chooses;
        }

        @Override
        public WorkerChoice choose(Request request, Set<String> without, Optional<String> fingerprint) {
            excluded.add(Set.copyOf(without));
            fingerprints.add(fingerprint);
            String chosen = chooses.apply(without);
            held.incrementAndGet();
            return new WorkerChoice() {
                @Override
                public String worker() {
                    return chosen;
                }

                @Override
                public String reason() {
                    return "said the controller";
                }

                @Override
                public void close() {
                    held.decrementAndGet();
                }
            };
        }
    }

    private Elsewhere elsewhere(Function<Set<String>, String> chooses) {
        Elsewhere elsewhere = new Elsewhere(chooses);
        platform.remote.set(elsewhere);
        return elsewhere;
    }

    private static String of(Set<String> excluded, String... ids) {
        for (String id : ids) {
            if (!excluded.contains(id)) {
                return id;
            }
        }
        throw new RequestException(new Failure.Unavailable(Duration.ofSeconds(1), "nobody else"));
    }

    @Test
    void aControllerElsewhereIsAskedFirstAndItsChoiceIsHeldUntilTheEnd() throws InterruptedException {
        platform.worker("a", "m");
        platform.worker("b", "m");
        Elsewhere elsewhere = elsewhere(excluded -> "b");
        var generation = platform.generate("m");
        assertEquals(1, elsewhere.held.get());
        assertEquals(1, platform.status("b").queueLength());
        assertInstanceOf(GenerationEvent.Finished.class, Platform.last(generation));
        assertEquals(0, elsewhere.held.get());
        assertEquals("b", platform.records.getFirst().worker());
        assertEquals("controller", platform.controller.dispatches().getFirst().policy());
        assertEquals("said the controller", platform.controller.dispatches().getFirst().reason());
        platform.assertNothingOpen();
    }

    @Test
    void itIsToldWhoRefusedAndWhatTheOneThatGoesOnMustBe() throws InterruptedException {
        platform.worker("a", "m").refuseWith(new Failure.Overloaded(Duration.ofSeconds(1), "full"));
        Scribe.writes("a story", platform.worker("b", "m"), 4, Scribe.End.STOPS);
        Scribe.writes("a story", platform.worker("c", "m"));
        Elsewhere elsewhere = elsewhere(excluded -> of(excluded, "a", "b", "c"));
        assertInstanceOf(GenerationEvent.Finished.class, Platform.last(platform.generate("m")));
        assertEquals(List.of(Set.of(), Set.of("a"), Set.of("a", "b")), elsewhere.excluded);
        assertEquals(List.of(Optional.empty(), Optional.empty(), Optional.of("f")), elsewhere.fingerprints);
        assertEquals(0, elsewhere.held.get());
        platform.assertNothingOpen();
    }

    @Test
    void aWorkerThatTurnsUpAMomentLaterIsAwaitedAndAStrangerIsNotTaken() throws InterruptedException {
        platform.worker("a", "m");
        Elsewhere elsewhere = elsewhere(excluded -> of(excluded, "new", "a"));
        platform.time.whileWaiting = () -> platform.worker("new", "m");
        Platform.last(platform.generate("m"));
        assertEquals("new", platform.records.getFirst().worker());
        platform.time.whileWaiting = () -> { };
        elsewhere.chooses = excluded -> of(excluded, "unknown", "a");
        Platform.last(platform.generate("m"));
        assertEquals("a", platform.records.get(1).worker());
        assertEquals(Set.of("unknown"), elsewhere.excluded.getLast());
        elsewhere.chooses = excluded -> of(excluded, "unknown");
        assertTrue(platform.refusal(Failure.Unavailable.class, "m").message().contains("not known here"));
        assertEquals(0, elsewhere.held.get());
        platform.assertNothingOpen();
    }

    private void nobodyElsewhere() {
        elsewhere(excluded -> {
            throw new RequestException(new Failure.Unavailable(Duration.ofSeconds(1), "the controller cannot be asked: refused"),
                    new ConnectException());
        });
    }

    @Test
    void aControllerThatCannotBeReachedIsDoneWithoutAndTheHistorySaysSo() throws InterruptedException {
        platform.worker("a", "m");
        nobodyElsewhere();
        assertInstanceOf(GenerationEvent.Finished.class, Platform.last(platform.generate("m")));
        assertEquals("the controller cannot be asked: refused; so by what was last known: the first",
                platform.controller.dispatches().getFirst().reason());
    }

    @Test
    void noModelIsCalledUnknownWhileTheControllerCannotBeAsked() {
        nobodyElsewhere();
        Failure.Unavailable none = platform.refusal(Failure.Unavailable.class, "m");
        assertEquals("no worker for the model \"m\" is known here; the controller cannot be asked: refused", none.message());
        assertEquals(Duration.ofSeconds(1), none.retryAfter());
        FakeWorker worker = platform.worker("a", "other");
        assertEquals(none, platform.refusal(Failure.Unavailable.class, "m"));
        worker.state = WorkerStatus.State.PAUSED;
        assertTrue(platform.refusal(Failure.Unavailable.class, "other").message().contains("worker a is paused"));
    }

    @Test
    void whatTheControllerSaysIsTheAnswer() {
        platform.worker("a", "m");
        elsewhere(excluded -> {
            throw new RequestException(new Failure.UnknownModel("m", "no such model"));
        });
        assertEquals("no such model", platform.refusal(Failure.UnknownModel.class, "m").message());
        elsewhere(excluded -> {
            throw new RequestException(new Failure.Unavailable(Duration.ofSeconds(1), "all drain"));
        });
        assertEquals("all drain", platform.refusal(Failure.Unavailable.class, "m").message());
        elsewhere(excluded -> {
            throw new IllegalStateException("broken");
        });
        assertTrue(platform.refusal(Failure.Internal.class, "m").message().contains("IllegalStateException"));
        platform.assertNothingOpen();
    }

    @Test
    void aWorkerStartedAgainUnderItsOldIdMayBeChosen() throws InterruptedException {
        Scribe.writes("a story", platform.worker("a", "m"), 4, Scribe.End.STOPS);
        Elsewhere elsewhere = elsewhere(excluded -> of(excluded, "a"));
        platform.time.whileWaiting = () -> {
            long old = platform.workers.all().getFirst().origin().id();
            platform.workers.remove(old);
            Scribe.writes("a story", platform.worker("a", "m"));
            platform.controller.workers();
        };
        assertInstanceOf(GenerationEvent.Finished.class, Platform.last(platform.generate("m")));
        assertEquals(List.of(Set.of(), Set.of("a"), Set.of()), elsewhere.excluded);
    }

    @Test
    void thisOneChoosesForOthersToo() {
        FakeWorker a = platform.worker("a", "m");
        a.fingerprint = "other";
        platform.worker("b", "m");
        WorkerChooser own = platform.controller;
        WorkerChoice choice = own.choose(Platform.request("m"), Set.of(), Optional.of("f"));
        assertEquals("b", choice.worker());
        assertEquals("the first", choice.reason());
        assertEquals(1, platform.status("b").queueLength());
        choice.close();
        choice.close();
        assertEquals(0, platform.status("b").queueLength());
        RequestException refused = assertThrows(RequestException.class,
                () -> own.choose(Platform.request("m"), Set.of("b"), Optional.of("f")));
        assertEquals("the model \"m\" cannot answer at present: worker a has other weights or numerics (other) and would write "
                + "another text; worker b has refused or failed this request", refused.getMessage());
        assertEquals(1, platform.controller.dispatches().size());
    }
}
