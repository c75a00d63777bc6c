package org.alcove.core;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.alcove.api.worker.Worker;
import org.alcove.api.worker.WorkerStatus;

/**
 * A worker with what core knows of it: how many requests it was given, and when it last showed that it lives.
 *
 * <p>A worker is asked for its status on a virtual thread, one question at a time, so that one that hangs holds up nobody: who
 * wants to know waits for a moment and then goes by its last answer. It has beaten when it answered; where the answer says that
 * its engine last moved some time ago, it beat then.
 */
final class TrackedWorker {

    private final Worker worker;
    private final Origin origin;
    private final Time time;
    private final Duration patience;
    private final AtomicInteger open = new AtomicInteger();
    private volatile Answer last;
    private volatile String fault = "";
    private Question question;
    private WorkerStatus.State logged = WorkerStatus.State.STARTING;

    /**
     * @param status what it said
     * @param nanos when, by {@link Time#nanos()}
     * @param age how long before that it had beaten
     */
    private record Answer(WorkerSnapshot status, long nanos, Duration age) {
    }

    private record Question(FutureTask<Void> task, Thread thread, long nanos) {
    }

    /** @param patience how long who wants to know its status waits for an answer */
    TrackedWorker(Worker worker, Origin origin, Time time, Duration patience) {
        this.worker = worker;
        this.origin = origin;
        this.time = time;
        this.patience = patience;
        this.last = new Answer(WorkerSnapshot.silent(origin, time.now()), time.nanos(), Duration.ZERO);
    }

    Worker worker() {
        return worker;
    }

    Origin origin() {
        return origin;
    }

    void countIn() {
        open.incrementAndGet();
    }

    void countOut() {
        open.decrementAndGet();
    }

    /** Requests it was given that have not ended. */
    int open() {
        return open.get();
    }

    /** Asks it how it stands, unless it still owes an answer. Does not wait. */
    synchronized void ask() {
        if (question == null || question.task().isDone()) {
            FutureTask<Void> task = new FutureTask<>(this::listen, null);
            question = new Question(task, Thread.ofVirtual().name("alcove-status-" + origin.id()).start(task), time.nanos());
        }
    }

    /** Asks no more. */
    synchronized void forget() {
        if (question != null) {
            question.thread().interrupt();
        }
    }

    private void listen() {
        try {
            WorkerSnapshot status = WorkerSnapshot.of(worker.status());
            Duration age = Duration.between(status.lastBeat(), time.now());
            last = new Answer(status, time.nanos(), age.isNegative() ? Duration.ZERO : age);
            fault = "";
        } catch (RuntimeException | LinkageError | AssertionError | StackOverflowError e) {
            fault = "asked for its status it threw " + e + " (bundle " + origin.bundle() + ")";
        }
    }

    /** How it stands now: asks, and waits a moment for the answer. */
    WorkerSnapshot status(Settings settings) {
        ask();
        Question asked;
        synchronized (this) {
            asked = question;
        }
        long wait = patience.toNanos() - (time.nanos() - asked.nanos());
        if (wait > 0) {
            try {
                asked.task().get(wait, TimeUnit.NANOSECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (ExecutionException | TimeoutException e) {
                return lastKnown(settings);
            }
        }
        return lastKnown(settings);
    }

    /** How it stood when it last answered; late or gone where that is too long ago. */
    WorkerSnapshot lastKnown(Settings settings) {
        Answer answer = last;
        Duration silence = answer.age().plusNanos(Math.max(0, time.nanos() - answer.nanos()));
        return answer.status().after(silence, settings, fault).withQueue(open());
    }

    /** Remembers the state that was last told to people; whether it is another one. For the heartbeat's thread. */
    boolean changed(WorkerStatus.State state) {
        boolean other = state != logged;
        logged = state;
        return other;
    }
}
