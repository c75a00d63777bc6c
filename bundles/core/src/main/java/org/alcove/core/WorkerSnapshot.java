package org.alcove.core;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.alcove.api.worker.WorkerStatus;
import org.alcove.ranked.Origin;

/** A worker's status, taken down. What a worker hands out may be computed at every call; this is not. */
record WorkerSnapshot(String id, List<String> models, double speed, int queueLength, boolean heartbeat, Instant lastBeat,
        State state, String reason, Load load, Computing computing) implements WorkerStatus {

    WorkerSnapshot {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(lastBeat, "lastBeat");
        Objects.requireNonNull(state, "state");
        Objects.requireNonNull(reason, "reason");
        Objects.requireNonNull(load, "load");
        Objects.requireNonNull(computing, "computing");
        models = List.copyOf(models);
    }

    static WorkerSnapshot of(WorkerStatus status) {
        return new WorkerSnapshot(status.id(), status.models(), status.speed(), status.queueLength(), status.heartbeat(),
                status.lastBeat(), status.state(), status.reason(), status.load(),
                status.computing());
    }

    /** A worker that has not said anything yet. */
    static WorkerSnapshot silent(Origin origin, Instant since) {
        return new WorkerSnapshot("worker-" + origin.id(), List.of(), 1, 0, true, since, State.STARTING,
                "it has not yet said how it stands", Load.NONE, Computing.UNKNOWN);
    }

    WorkerSnapshot withQueue(int length) {
        return new WorkerSnapshot(id, models, speed, length, heartbeat, lastBeat, state, reason, load, computing);
    }

    /** The same, late or gone where it has been silent for too long. */
    WorkerSnapshot after(Duration silence, Settings settings, String fault) {
        if (!heartbeat || silence.compareTo(settings.lateAfter()) <= 0) {
            return this;
        }
        State overdue = silence.compareTo(settings.goneAfter()) > 0 ? State.GONE : State.LATE;
        String why = "no heartbeat for " + silence.toSeconds() + " s" + (fault.isEmpty() ? "" : ": " + fault);
        return new WorkerSnapshot(id, models, speed, queueLength, true, lastBeat, overdue, why, load,
                computing);
    }

    /** The same, paused where it rests; where its next request is on trial the reason says so. */
    WorkerSnapshot resting(Rest rest) {
        return state != State.READY ? this : rest.reason().map(why -> new WorkerSnapshot(id, models, speed, queueLength,
                heartbeat, lastBeat, rest.open() ? State.READY : State.PAUSED, why, load,
                computing)).orElse(this);
    }
}
