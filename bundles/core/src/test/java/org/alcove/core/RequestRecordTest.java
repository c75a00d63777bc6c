package org.alcove.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.alcove.api.control.RequestObserver.Outcome;
import org.alcove.api.control.RequestObserver.Record;
import org.alcove.api.worker.Failure;
import org.alcove.api.worker.Generation;
import org.alcove.api.worker.GenerationEvent;
import org.junit.jupiter.api.Test;

class RequestRecordTest {

    private final Platform platform = new Platform();

    @Test
    void aFinishedRequestIsTakenDownWithItsTimesAndTokens() throws InterruptedException {
        platform.worker("w", "m");
        Generation generation = platform.generate("m");
        generation.next();
        platform.time.pass(Duration.ofMillis(250));
        generation.next();
        platform.time.pass(Duration.ofMillis(500));
        Platform.last(generation);
        generation.close();
        assertEquals(List.of(new Record("r1", "", "m", "w", platform.time.now().minusMillis(750),
                Optional.of(Duration.ofMillis(250)), Duration.ofMillis(750), 7, 2,
                new Outcome.Done(GenerationEvent.Reason.STOP))), platform.records);
    }

    @Test
    void aCancelledRequestKeepsWhatItHadAndIsToldOnce() throws InterruptedException {
        platform.worker("w", "m");
        Generation generation = platform.generate("m");
        generation.next();
        generation.next();
        generation.close();
        generation.close();
        assertEquals(1, platform.records.size());
        assertEquals(1, platform.records.getFirst().answerTokens());
        assertInstanceOf(Outcome.Cancelled.class, platform.records.getFirst().outcome());
    }

    @Test
    void aRefusedRequestIsTakenDownToo() {
        platform.refusal(Failure.UnknownModel.class, "m");
        assertInstanceOf(Failure.UnknownModel.class,
                assertInstanceOf(Outcome.Broken.class, platform.records.getFirst().outcome()).failure());
        assertEquals("", platform.records.getFirst().worker());
    }

    @Test
    void anObserverThatThrowsHarmsNothing() throws InterruptedException {
        platform.observers.add(record -> {
            throw new IllegalStateException("broken");
        }, platform.origin("bad"));
        List<Record> later = new ArrayList<>();
        platform.observers.add(later::add, platform.origin("good"));
        platform.worker("w", "m");
        assertInstanceOf(GenerationEvent.Finished.class, Platform.last(platform.generate("m")));
        assertEquals(1, later.size());
    }

    private static Record record(String id, int tokens, Optional<Duration> first, Outcome outcome) {
        return new Record(id, "t", "m", "w", Instant.EPOCH, first, Duration.ofMillis(1250), 7, tokens, outcome);
    }

    @Test
    void theLineOfTheLogGivesNamesAndFigures() {
        assertEquals("request r1 worker=w model=m prompt_tokens=7 answer_tokens=11 first_token=250.0ms total=1250.0ms "
                + "speed=10.0tokens/s outcome=stop", RequestLine.of(record("r1", 11, Optional.of(Duration.ofMillis(250)),
                new Outcome.Done(GenerationEvent.Reason.STOP))));
        assertEquals("request r1 worker=w model=m prompt_tokens=7 answer_tokens=0 first_token=- total=1250.0ms speed=- "
                + "outcome=Internal: broken", RequestLine.of(record("r1", 0, Optional.empty(),
                new Outcome.Broken(new Failure.Internal("broken")))));
    }

    @Test
    void nobodyWritesLinesOfTheirOwnIntoTheLog() {
        String id = "r1\nrequest forged " + "x".repeat(500);
        String line = RequestLine.of(record(id, 0, Optional.empty(), new Outcome.Cancelled()));
        assertFalse(line.contains("\n") || line.contains("request forged"), line);
        assertFalse(line.length() > 400, line);
    }
}
