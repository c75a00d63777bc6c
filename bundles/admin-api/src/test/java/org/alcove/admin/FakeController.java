package org.alcove.admin;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.alcove.api.control.Controller;
import org.alcove.api.control.Dispatch;
import org.alcove.api.worker.GenerateRequest;
import org.alcove.api.worker.Generation;
import org.alcove.api.worker.ModelCard;
import org.alcove.api.worker.WorkerStatus;

/** Knows one worker, and remembers what it was told. */
final class FakeController implements Controller {

    static final String ID = "http://10.0.0.7:21002#m";
    private static final ModelCard CARD = new ModelCard("m", "llama", 512, 1000, "f32", "chatml (the model's own)", "fp",
            Instant.EPOCH);

    final List<String> told = new CopyOnWriteArrayList<>();
    volatile RuntimeException refusal;
    volatile String id = ID;
    volatile Supplier<String> policy = () -> "shortest_queue";

    private record Status(String id, List<String> models, double speed, int queueLength, boolean heartbeat, Instant lastBeat,
            State state, String reason, Load load, Computing computing) implements WorkerStatus {
    }

    private WorkerStatus status() {
        return new Status(id, List.of("m"), 12.5, 3, true, Instant.parse("2026-01-01T00:00:09Z"), WorkerStatus.State.READY,
                "all well", new WorkerStatus.Load(1, 2, 8, 5, 100, 200, 4),
                new WorkerStatus.Computing("2 threads, not bound: one memory node", "f32 (vector)", 1000, 64));
    }

    @Override
    public Generation generate(GenerateRequest request) {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<ModelCard> models() {
        return List.of(CARD);
    }

    @Override
    public Map<String, ModelCard> cards() {
        return Map.of(id, CARD);
    }

    @Override
    public List<WorkerStatus> workers() {
        return List.of(status());
    }

    @Override
    public String policy() {
        return policy.get();
    }

    @Override
    public List<Dispatch> dispatches() {
        return List.of(new Dispatch("req-1", "m", Instant.parse("2026-01-01T00:00:08Z"), "shortest_queue", workers(), ID,
                "the shortest queue of 1"));
    }

    @Override
    public void drain(String worker) {
        tell("drain", worker);
    }

    @Override
    public void reopen(String worker) {
        tell("reopen", worker);
    }

    @Override
    public void dismiss(String worker) {
        tell("dismiss", worker);
    }

    private void tell(String what, String worker) {
        if (refusal != null) {
            throw refusal;
        }
        if (!worker.equals(ID)) {
            throw new NoSuchElementException("there is no worker " + worker + " here");
        }
        told.add(what + " " + worker);
    }
}
