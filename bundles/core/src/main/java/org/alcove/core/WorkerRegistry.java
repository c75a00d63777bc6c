package org.alcove.core;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.alcove.api.worker.Worker;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;

/** The workers there are, in the order in which they registered. */
@Component(service = WorkerRegistry.class)
public final class WorkerRegistry {

    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final Time time;
    private final Duration patience;
    /** Replaced whole, under the monitor. */
    private volatile List<TrackedWorker> workers = List.of();

    @Activate
    public WorkerRegistry() {
        this(Time.SYSTEM, PATIENCE);
    }

    WorkerRegistry(Time time, Duration patience) {
        this.time = time;
        this.patience = patience;
    }

    @Reference(service = Worker.class, cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC,
            unbind = "unbind")
    void bind(Worker worker, ServiceReference<Worker> reference) {
        add(worker, Origin.of(reference));
    }

    void unbind(Worker worker, ServiceReference<Worker> reference) {
        remove(Origin.of(reference).id());
    }

    synchronized TrackedWorker add(Worker worker, Origin origin) {
        TrackedWorker added = new TrackedWorker(worker, origin, time, patience);
        List<TrackedWorker> next = new ArrayList<>(workers);
        next.add(added);
        next.sort(Comparator.comparingLong(tracked -> tracked.origin().id()));
        workers = List.copyOf(next);
        return added;
    }

    /** Its running answers go on; they are the worker's to end. */
    synchronized void remove(long id) {
        workers.stream().filter(tracked -> tracked.origin().id() == id).forEach(TrackedWorker::forget);
        workers = workers.stream().filter(tracked -> tracked.origin().id() != id).toList();
    }

    /** All of them. */
    List<TrackedWorker> all() {
        return workers;
    }

    /** All of them as they stand now; asked side by side. */
    List<Candidate> roll(Settings settings) {
        List<TrackedWorker> present = workers;
        present.forEach(TrackedWorker::ask);
        return present.stream().map(tracked -> new Candidate(tracked, tracked.status(settings))).toList();
    }

    /** A worker as it stood at one moment. */
    record Candidate(TrackedWorker tracked, WorkerSnapshot status) {
    }
}
