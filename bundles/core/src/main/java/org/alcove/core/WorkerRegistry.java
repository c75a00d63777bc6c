package org.alcove.core;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.alcove.api.worker.Worker;
import org.alcove.ranked.Origin;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;

/** The workers there are, in the order in which they registered, and those that have left while answers of theirs were read. */
@Component(service = WorkerRegistry.class)
public final class WorkerRegistry {

    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final Time time;
    private final Duration patience;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition change = lock.newCondition();
    /** Replaced whole, under the lock; so are those that left. */
    private volatile List<TrackedWorker> workers = List.of();
    private volatile List<TrackedWorker> departed = List.of();
    /** Guarded by the lock. */
    private long changes;

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

    TrackedWorker add(Worker worker, Origin origin) {
        TrackedWorker added = new TrackedWorker(worker, origin, time, patience);
        lock.lock();
        try {
            List<TrackedWorker> next = new ArrayList<>(workers);
            next.add(added);
            next.sort(Comparator.comparingLong(tracked -> tracked.origin().id()));
            workers = List.copyOf(next);
            tellChange();
        } finally {
            lock.unlock();
        }
        return added;
    }

    /** Its running answers go on for as long as something comes; the heartbeat sees to that. */
    void remove(long id) {
        lock.lock();
        try {
            List<TrackedWorker> left = new ArrayList<>(departed);
            workers.stream().filter(tracked -> tracked.origin().id() == id).forEach(tracked -> {
                tracked.depart();
                left.add(tracked);
            });
            workers = workers.stream().filter(tracked -> tracked.origin().id() != id).toList();
            left.removeIf(tracked -> tracked.open() == 0);
            departed = List.copyOf(left);
            tellChange();
        } finally {
            lock.unlock();
        }
    }

    /** Whoever waits for a change looks again. */
    void wake() {
        lock.lock();
        try {
            tellChange();
        } finally {
            lock.unlock();
        }
    }

    private void tellChange() {
        changes++;
        change.signalAll();
    }

    /** How often the workers have changed. */
    long changes() {
        lock.lock();
        try {
            return changes;
        } finally {
            lock.unlock();
        }
    }

    /** Waits until the workers have changed more often than that, for so long at most. */
    void awaitChange(long seen, long nanos) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            if (changes == seen) {
                time.await(change, nanos);
            }
        } finally {
            lock.unlock();
        }
    }

    /** All of them. */
    List<TrackedWorker> all() {
        return workers;
    }

    /** Those that have left and whose answers are still being read. */
    List<TrackedWorker> departed() {
        return departed.stream().filter(tracked -> tracked.open() > 0).toList();
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
