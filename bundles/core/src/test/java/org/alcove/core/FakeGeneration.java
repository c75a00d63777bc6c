package org.alcove.core;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.alcove.api.worker.Failure;
import org.alcove.api.worker.Generation;
import org.alcove.api.worker.GenerationEvent;
import org.alcove.api.worker.TokenProbability;

/** Events written beforehand. */
final class FakeGeneration implements Generation {

    final AtomicInteger closes = new AtomicInteger();
    /** -1 for one that throws. */
    volatile int place;
    private final Deque<GenerationEvent> events;

    FakeGeneration(List<GenerationEvent> events) {
        this.events = new ArrayDeque<>(events);
    }

    static GenerationEvent started() {
        return new GenerationEvent.Started("w", "f", 1, 7);
    }

    static GenerationEvent delta(String text) {
        return new GenerationEvent.Delta(text, List.of(new TokenProbability(1, new byte[0], Float.NaN, List.of())),
                Optional.empty());
    }

    static GenerationEvent finished(int tokens) {
        return new GenerationEvent.Finished(GenerationEvent.Reason.STOP, new GenerationEvent.Usage(7, 0, tokens));
    }

    static FakeGeneration saying(String... texts) {
        ArrayDeque<GenerationEvent> events = new ArrayDeque<>();
        events.add(started());
        for (String text : texts) {
            events.add(delta(text));
        }
        events.add(finished(texts.length));
        return new FakeGeneration(List.copyOf(events));
    }

    static FakeGeneration failing(Failure failure) {
        return new FakeGeneration(List.of(new GenerationEvent.Failed(failure)));
    }

    @Override
    public GenerationEvent next() {
        return events.poll();
    }

    @Override
    public int placeInLine() {
        if (place < 0) {
            throw new IllegalStateException("broken");
        }
        return place;
    }

    @Override
    public void close() {
        closes.incrementAndGet();
    }
}
