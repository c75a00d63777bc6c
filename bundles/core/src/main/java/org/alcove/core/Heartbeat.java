package org.alcove.core;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.alcove.api.worker.WorkerStatus;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks every worker again and again how it stands, so that a hang shows though nobody asks for anything. */
final class Heartbeat implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Heartbeat.class);

    private final WorkerRegistry workers;
    private final Supplier<Settings> settings;
    private final Thread thread;
    private volatile boolean stopped;

    Heartbeat(WorkerRegistry workers, Supplier<Settings> settings) {
        this.workers = workers;
        this.settings = settings;
        this.thread = Thread.ofPlatform().daemon().name("alcove-heartbeat").unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    private void run() {
        while (!stopped) {
            try {
                beat();
            } catch (RuntimeException e) {
                LOG.error("A heartbeat failed; the next one comes", e);
            }
            long due = System.nanoTime() + settings.get().heartbeat().toNanos();
            for (long left = due - System.nanoTime(); left > 0 && !stopped; left = due - System.nanoTime()) {
                LockSupport.parkNanos(this, left);
            }
        }
    }

    /** One beat: asks all, waits for none, tells people what has changed, and gives up what has fallen silent. */
    void beat() {
        Settings now = settings.get();
        for (TrackedWorker worker : workers.all()) {
            WorkerSnapshot status = worker.lastKnown(now);
            if (worker.changed(status.state())) {
                tell(status);
            }
            worker.ask();
            worker.giveUpSilent(now);
        }
        workers.departed().forEach(worker -> worker.giveUpSilent(now));
    }

    private static void tell(WorkerSnapshot status) {
        String why = status.reason().isEmpty() ? "" : ": " + status.reason();
        if (status.state() == WorkerStatus.State.LATE || status.state() == WorkerStatus.State.GONE) {
            LOG.warn("Worker {} is {}{}", status.id(), status.state(), why);
        } else {
            LOG.info("Worker {} is {}{}", status.id(), status.state(), why);
        }
    }

    /** Ends the thread, without waiting for it. */
    @Override
    public void close() {
        stopped = true;
        LockSupport.unpark(thread);
    }

    /** Whether the thread has ended within the limit. */
    boolean join(Duration limit) throws InterruptedException {
        return thread.join(limit);
    }
}
