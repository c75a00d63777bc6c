package org.alcove.cluster.remote;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.alcove.api.worker.GenerationEvent;
import org.alcove.cluster.wire.EventReader;
import org.alcove.cluster.wire.WireException;

/** Frames of our own workers. */
final class OwnDecoder implements AnswerDecoder {

    private final EventReader frames;
    private final String worker;
    private boolean started;
    private Duration stillFor = Duration.ZERO;
    private volatile int place;

    /** @param worker id of the worker for the whole cluster, which the answer shall name */
    OwnDecoder(String worker) {
        this.frames = new EventReader(worker);
        this.worker = worker;
    }

    @Override
    public List<GenerationEvent> read(byte[] frame) {
        return switch (frames.read(frame)) {
            case EventReader.Told.Ping ping -> {
                stillFor = ping.beatAge();
                place = ping.place();
                yield List.of();
            }
            case EventReader.Told.Event(GenerationEvent event) -> {
                stillFor = Duration.ZERO;
                place = event instanceof GenerationEvent.Started ? place : 0;
                yield List.of(inOrder(event));
            }
        };
    }

    private GenerationEvent inOrder(GenerationEvent event) {
        if (event instanceof GenerationEvent.Started first) {
            if (started) {
                throw WireException.malformed(worker + " begins an answer twice");
            }
            started = true;
            return new GenerationEvent.Started(worker, first.fingerprint(), first.seed(), first.promptTokens());
        }
        if (!started && !(event instanceof GenerationEvent.Failed)) {
            throw WireException.malformed(worker + " does not begin its answer with \"started\"");
        }
        return event;
    }

    @Override
    public Duration stillFor() {
        return stillFor;
    }

    @Override
    public int place() {
        return place;
    }

    @Override
    public Optional<GenerationEvent> atEnd() {
        return Optional.empty();
    }
}
