package org.alcove.core;

import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.LockSupport;
import org.alcove.api.worker.WorkerStatus;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at every worker once per interval, on a thread of its own, and logs when one changes its state. Each look has a thread
 * of its own too, so that a worker that hangs while it is asked holds up nobody; until it answers it counts as silent.
 */
final class HeartbeatWatch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(HeartbeatWatch.class);

    private final WorkerRegistry registry;
    private final InstantSource clock;
    private final Executor looks;
    private final Map<RegisteredWorker, Boolean> unanswered = new ConcurrentHashMap<>();
    private final Map<RegisteredWorker, WorkerStatus.State> states = new HashMap<>();
    private volatile SeenStatus.Patience patience;
    private volatile Thread thread;

    HeartbeatWatch(WorkerRegistry registry, InstantSource clock, Executor looks, SeenStatus.Patience patience) {
        this.registry = registry;
        this.clock = clock;
        this.looks = looks;
        this.patience = patience;
    }

    /** Starts to look, once per interval. */
    void start(Duration interval) {
        thread = Thread.ofPlatform().daemon().name("alcove-heartbeat").start(() -> {
            while (thread == Thread.currentThread()) {
                look();
                LockSupport.parkNanos(interval.toNanos());
            }
        });
    }

    void patience(SeenStatus.Patience value) {
        patience = value;
    }

    /** Looks at every worker once. */
    void look() {
        for (RegisteredWorker worker : registry.workers()) {
            if (unanswered.putIfAbsent(worker, true) == null) {
                looks.execute(() -> {
                    try {
                        note(worker, worker.status(clock.instant(), patience));
                    } finally {
                        unanswered.remove(worker);
                    }
                });
            } else {
                note(worker, status(worker));
            }
        }
        synchronized (states) {
            states.keySet().retainAll(registry.workers());
        }
    }

    /** How a worker stands; one that did not answer the last look is not asked again meanwhile. */
    SeenStatus status(RegisteredWorker worker) {
        return unanswered.containsKey(worker) ? worker.lastStatus(clock.instant(), patience)
                : worker.status(clock.instant(), patience);
    }

    private void note(RegisteredWorker worker, SeenStatus status) {
        WorkerStatus.State before;
        synchronized (states) {
            before = states.put(worker, status.state());
        }
        if (before == status.state()) {
            return;
        }
        String reason = status.reason().isEmpty() ? "" : ": " + status.reason();
        if (status.state() == WorkerStatus.State.LATE || status.state() == WorkerStatus.State.GONE) {
            LOG.warn("worker {} is {}{}", status.id(), status.state(), reason);
        } else {
            LOG.info("worker {} is {}{}", status.id(), status.state(), reason);
        }
    }

    @Override
    public void close() {
        Thread running = thread;
        thread = null;
        LockSupport.unpark(running);
    }
}
