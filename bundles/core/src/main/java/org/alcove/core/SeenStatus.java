package org.alcove.core;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.alcove.api.worker.WorkerStatus;

/** A worker's status as core saw it, with core's own count of its requests. */
record SeenStatus(String id, List<String> models, double speed, int queueLength, boolean heartbeat, Instant lastBeat, State state,
        String reason, Load load) implements WorkerStatus {

    /** Slower than anything measured, for workers that tell no speed. */
    private static final double LEAST_SPEED = 1e-3;

    /** What a worker says of itself; core counts its requests and judges its beats. */
    static SeenStatus of(WorkerStatus told, int count, Instant now, Patience patience) {
        SeenStatus seen = new SeenStatus(told.id(), List.copyOf(told.models()), Math.max(LEAST_SPEED, told.speed()), count,
                told.heartbeat(), told.lastBeat(), told.state(), told.reason(), told.load());
        return seen.heartbeat ? seen.judged(now, patience) : seen;
    }

    /** A worker whose status cannot be had: it beats no more. */
    static SeenStatus silent(SeenStatus last, String reason, Instant now, Patience patience) {
        return new SeenStatus(last.id, last.models, last.speed, last.queueLength, true, last.lastBeat, State.LATE, reason,
                last.load).judged(now, patience);
    }

    private SeenStatus judged(Instant now, Patience patience) {
        Duration silence = Duration.between(lastBeat, now);
        if (silence.compareTo(patience.gone()) > 0) {
            return with(State.GONE, "no beat for " + silence.toSeconds() + " s");
        }
        if (silence.compareTo(patience.late()) > 0) {
            return with(State.LATE, "no beat for " + silence.toSeconds() + " s");
        }
        return this;
    }

    private SeenStatus with(State other, String why) {
        return new SeenStatus(id, models, speed, queueLength, heartbeat, lastBeat, other, why, load);
    }

    /**
     * How long a worker may be silent.
     *
     * @param late before it gets no more requests
     * @param gone before it counts as dead
     */
    record Patience(Duration late, Duration gone) {
    }
}
