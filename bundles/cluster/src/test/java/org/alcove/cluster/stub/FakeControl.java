package org.alcove.cluster.stub;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.alcove.api.control.Controller;
import org.alcove.api.control.Dispatch;
import org.alcove.api.control.WorkerChoice;
import org.alcove.api.control.WorkerChooser;
import org.alcove.api.worker.Failure;
import org.alcove.api.worker.GenerateRequest;
import org.alcove.api.worker.Generation;
import org.alcove.api.worker.ModelCard;
import org.alcove.api.worker.Request;
import org.alcove.api.worker.RequestException;
import org.alcove.api.worker.Worker;
import org.alcove.api.worker.WorkerStatus;

/** Core, as a controller's process needs it: the published workers, and the choice of the one with the fewest requests. */
public final class FakeControl implements Controller, WorkerChooser {

    private final List<Worker> published = new CopyOnWriteArrayList<>();
    private final Map<String, AtomicInteger> counts = new ConcurrentHashMap<>();
    private volatile Runnable meanwhile = () -> { };

    public Runnable publish(Worker worker) {
        published.add(worker);
        return () -> published.remove(worker);
    }

    public List<String> ids() {
        return published.stream().map(worker -> worker.status().id()).toList();
    }

    public Worker worker(String id) {
        return published.stream().filter(worker -> worker.status().id().equals(id)).findFirst().orElseThrow();
    }

    /** Happens whenever a worker has been chosen, before whoever asked is told. */
    public void meanwhile(Runnable event) {
        meanwhile = event;
    }

    /** Requests that were chosen for a worker and have not ended. */
    public int count(String id) {
        return counts.computeIfAbsent(id, any -> new AtomicInteger()).get();
    }

    @Override
    public WorkerChoice choose(Request request, Set<String> excluded, Optional<String> fingerprint) {
        String id = workers().stream().filter(status -> status.state() == WorkerStatus.State.READY)
                .filter(status -> status.models().contains(request.model()) && !excluded.contains(status.id()))
                .min(Comparator.comparingInt(status -> count(status.id()))).map(WorkerStatus::id)
                .orElseThrow(() -> new RequestException(new Failure.UnknownModel(request.model(), "nobody serves it")));
        AtomicInteger count = counts.computeIfAbsent(id, any -> new AtomicInteger());
        count.incrementAndGet();
        meanwhile.run();
        return new WorkerChoice() {

            private boolean closed;

            @Override
            public String worker() {
                return id;
            }

            @Override
            public String reason() {
                return "fewest requests";
            }

            @Override
            public synchronized void close() {
                if (!closed) {
                    closed = true;
                    count.decrementAndGet();
                }
            }
        };
    }

    @Override
    public Generation generate(GenerateRequest request) {
        try (WorkerChoice choice = choose(request, Set.of(), Optional.empty())) {
            return worker(choice.worker()).generate(request);
        }
    }

    @Override
    public List<ModelCard> models() {
        return published.stream().map(Worker::model).toList();
    }

    @Override
    public List<WorkerStatus> workers() {
        return published.stream().map(Worker::status).toList();
    }

    @Override
    public String policy() {
        return "fewest";
    }

    @Override
    public List<Dispatch> dispatches() {
        return List.of();
    }
}
