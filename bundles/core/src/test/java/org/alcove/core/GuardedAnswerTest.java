package org.alcove.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.alcove.api.control.RequestObserver.Outcome;
import org.alcove.api.guard.Vigil;
import org.alcove.api.worker.Failure;
import org.alcove.api.worker.Generation;
import org.alcove.api.worker.GenerationEvent;
import org.alcove.api.worker.RequestException;
import org.alcove.api.worker.WorkerStatus;
import org.junit.jupiter.api.Test;

class GuardedAnswerTest {

    private static final GenerationEvent FILTERED = new GenerationEvent.Finished(GenerationEvent.Reason.CONTENT_FILTER,
            new GenerationEvent.Usage(7, 0, 2));

    private final Platform platform = new Platform();

    /** Ends the answer at a piece of this text. */
    private static Vigil until(String text, GenerationEvent end) {
        return event -> event instanceof GenerationEvent.Delta delta && delta.text().equals(text) ? end : event;
    }

    @Test
    void aRefusedRequestReachesNoWorkerAndIsLoggedWithTheGuardsNameAlone() {
        FakeWorker worker = platform.worker("w", "m");
        worker.answers = request -> {
            throw new AssertionError("the worker was asked");
        };
        platform.guards = request -> {
            throw new RequestException(new Failure.Refused("g", "you said secret"));
        };
        platform.refusal(Failure.Refused.class, "m");
        String line = RequestLine.of(platform.records.getFirst());
        assertTrue(line.endsWith("outcome=Refused: by guard g"), line);
        assertFalse(line.contains("secret"), line);
        platform.assertNothingOpen();
    }

    @Test
    void aGuardEndsAnAnswerAndItsWorkerIsToldToStop() throws InterruptedException {
        FakeGeneration written = FakeGeneration.saying("a", "b", "c");
        platform.worker("w", "m").answers = request -> written;
        platform.guards = request -> until("b", FILTERED);
        Generation generation = platform.generate("m");
        List<GenerationEvent> told = new ArrayList<>();
        for (GenerationEvent event = generation.next(); event != null; event = generation.next()) {
            told.add(event);
        }
        assertEquals(List.of(FakeGeneration.started(), "a", FILTERED), List.of(told.get(0),
                assertInstanceOf(GenerationEvent.Delta.class, told.get(1)).text(), told.get(2)));
        assertEquals(3, told.size());
        assertEquals(1, written.closes.get());
        assertEquals(new Outcome.Done(GenerationEvent.Reason.CONTENT_FILTER), platform.records.getFirst().outcome());
        assertEquals(2, platform.records.getFirst().answerTokens());
        assertTrue(RequestLine.of(platform.records.getFirst()).endsWith("outcome=content_filter"));
        platform.assertNothingOpen();
    }

    @Test
    void aGuardThatFailsEndsTheAnswerAndNoOtherWorkerIsAsked() throws InterruptedException {
        platform.worker("w", "m");
        platform.worker("other", "m").answers = request -> {
            throw new AssertionError("another worker was asked");
        };
        GenerationEvent failed = new GenerationEvent.Failed(new Failure.Unavailable(Duration.ofSeconds(5), "the guard g threw"));
        platform.guards = request -> until("a", failed);
        Generation generation = platform.generate("m");
        assertEquals(failed, Platform.last(generation));
        assertNull(generation.next());
        assertEquals(WorkerStatus.State.READY, platform.status("w").state());
        platform.assertNothingOpen();
    }

    /** What a second worker writes once more has been seen already. */
    @Test
    void aGuardSeesEachTextOnceAlthoughItsWorkerIsLost() throws InterruptedException {
        StringBuilder seen = new StringBuilder();
        platform.guards = request -> event -> {
            if (event instanceof GenerationEvent.Delta delta) {
                seen.append(delta.text());
            }
            return event;
        };
        Scribe.writes("once upon a time", platform.worker("first", "m"), 6, Scribe.End.UNAVAILABLE);
        Scribe.writes("once upon a time", platform.worker("second", "m"));
        assertInstanceOf(GenerationEvent.Finished.class, Platform.last(platform.generate("m")));
        assertEquals("once upon a time", seen.toString());
    }
}
