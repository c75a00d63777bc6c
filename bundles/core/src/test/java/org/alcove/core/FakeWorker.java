package org.alcove.core;

import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.alcove.api.worker.Failure;
import org.alcove.api.worker.GenerateRequest;
import org.alcove.api.worker.Generation;
import org.alcove.api.worker.ModelCard;
import org.alcove.api.worker.RequestException;
import org.alcove.api.worker.Worker;
import org.alcove.api.worker.WorkerStatus;

/** A worker that does as it is told. */
final class FakeWorker implements Worker {

    final String id;
    final Time time;
    volatile WorkerStatus.State state = WorkerStatus.State.READY;
    volatile String reason = "";
    volatile boolean heartbeat = true;
    volatile int queue;
    volatile String fingerprint = "f";
    volatile Supplier<Instant> lastBeat;
    volatile Runnable onStatus = () -> { };
    volatile Function<GenerateRequest, Generation> answers = request -> FakeGeneration.saying("a", "b");
    private final List<String> models;

    FakeWorker(String id, Time time, String... models) {
        this.id = id;
        this.time = time;
        this.models = List.of(models);
        this.lastBeat = time::now;
    }

    void refuseWith(Failure failure) {
        answers = request -> {
            throw new RequestException(failure);
        };
    }

    @Override
    public WorkerStatus status() {
        onStatus.run();
        return new WorkerSnapshot(id, models, 10, queue, heartbeat, lastBeat.get(), state, reason, WorkerStatus.Load.NONE,
                WorkerStatus.Computing.UNKNOWN);
    }

    @Override
    public ModelCard model() {
        return new ModelCard(models.getFirst(), "llama", state == WorkerStatus.State.STARTING ? 0 : 100, 10, "f32", "none",
                fingerprint, Instant.EPOCH);
    }

    @Override
    public Generation generate(GenerateRequest request) {
        return answers.apply(request);
    }
}
