package org.alcove.testkit.scheduling;

import java.time.Instant;
import java.util.List;
import org.alcove.api.worker.WorkerStatus;

/** A worker made up for a test. */
public record SampleWorker(String id, List<String> models, double speed, int queueLength, boolean heartbeat, Instant lastBeat,
        State state, String reason, Load load) implements WorkerStatus {

    public SampleWorker {
        models = List.copyOf(models);
    }

    /** A worker that takes requests for the model {@code m}. */
    public static SampleWorker of(String id, double speed, int queueLength) {
        return new SampleWorker(id, List.of("m"), speed, queueLength, true, Instant.EPOCH, State.READY, "", Load.NONE);
    }
}
