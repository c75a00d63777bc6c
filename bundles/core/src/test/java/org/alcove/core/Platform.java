package org.alcove.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.alcove.api.control.RequestObserver;
import org.alcove.api.guard.Guards;
import org.alcove.api.guard.Vigil;
import org.alcove.api.scheduling.Choice;
import org.alcove.api.scheduling.SchedulingPolicy;
import org.alcove.api.worker.Failure;
import org.alcove.api.worker.GenerateRequest;
import org.alcove.api.worker.Generation;
import org.alcove.api.worker.GenerationEvent;
import org.alcove.api.worker.RequestContext;
import org.alcove.api.worker.RequestException;
import org.alcove.api.worker.SamplingParameters;
import org.alcove.api.worker.WorkerStatus;
import org.alcove.ranked.Origin;

/** Core with nothing around it but what a test adds. */
final class Platform {

    static final Settings SETTINGS = settings("first", Map.of(), 100);
    /** Takes the first candidate. */
    static final SchedulingPolicy FIRST = (request, candidates, random) -> new Choice(candidates.getFirst(), "the first");
    /** Takes the candidate with the fewest requests. */
    static final SchedulingPolicy FEWEST = (request, candidates, random) -> new Choice(candidates.stream()
            .min(Comparator.comparingInt(WorkerStatus::queueLength)).orElseThrow(), "the fewest");

    /** Real time, for a busy machine may be slow to answer. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    final FakeTime time = new FakeTime();
    final WorkerRegistry workers;
    final PolicyRegistry policies = new PolicyRegistry();
    final RequestObservers observers = new RequestObservers();
    final List<RequestObserver.Record> records = new CopyOnWriteArrayList<>();
    final RemoteChooser remote = new RemoteChooser(null);
    volatile Guards guards = request -> Vigil.NONE;
    final ServiceController controller;
    private final AtomicLong ids = new AtomicLong();

    static Settings settings(String policy, Map<String, String> perModel, int history) {
        return new Settings(policy, perModel, Duration.ofSeconds(5), Duration.ofSeconds(15), Duration.ofSeconds(60), history,
                Duration.ofSeconds(5), new Rest.Rule(0, Duration.ofSeconds(1), Duration.ofSeconds(60)), List.of());
    }

    Platform() {
        this(PATIENCE);
    }

    /** @param patience how long a worker that is asked how it stands is waited for; tests of workers that hang let more pass */
    Platform(Duration patience) {
        workers = new WorkerRegistry(time, patience);
        controller = new ServiceController(SETTINGS, workers, policies, observers, request -> guards.admit(request), remote,
                time);
        observers.add(records::add, origin("observer"));
        policies.add("first", FIRST, origin("first-policy"));
    }

    Origin origin(String bundle) {
        return new Origin(ids.incrementAndGet(), 0, bundle + " 1.0.0");
    }

    FakeWorker worker(String id, String... models) {
        FakeWorker worker = new FakeWorker(id, time, models);
        workers.add(worker, origin("bundle-of-" + id));
        return worker;
    }

    static GenerateRequest request(String model) {
        return new GenerateRequest(model, RequestContext.named("r1"), new GenerateRequest.Text("secret"),
                SamplingParameters.GREEDY, GenerateRequest.Limits.tokens(5), GenerateRequest.Logprobs.NONE);
    }

    Generation generate(String model) {
        return controller.generate(request(model));
    }

    <T extends Failure> T refusal(Class<T> kind, String model) {
        return assertInstanceOf(kind, assertThrows(RequestException.class, () -> generate(model)).failure());
    }

    /** Reads to the end. */
    static GenerationEvent last(Generation generation) throws InterruptedException {
        GenerationEvent last = null;
        for (GenerationEvent event = generation.next(); event != null; event = generation.next()) {
            last = event;
        }
        return last;
    }

    WorkerStatus status(String id) {
        return controller.workers().stream().filter(worker -> worker.id().equals(id)).findFirst().orElseThrow();
    }

    void assertNothingOpen() {
        for (TrackedWorker worker : workers.all()) {
            assertEquals(0, worker.open(), () -> "requests counted in at the worker of " + worker.origin().bundle());
        }
    }
}
