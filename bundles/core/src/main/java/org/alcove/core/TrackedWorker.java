package org.alcove.core;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.alcove.api.worker.ModelCard;
import org.alcove.api.worker.Worker;
import org.alcove.api.worker.WorkerStatus;
import org.alcove.ranked.Origin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A worker with what core knows of it: the requests it was given, and when it last showed that it lives.
 *
 * <p>A worker is asked for its status on a virtual thread, one question at a time, so that one that hangs holds up nobody: who
 * wants to know waits for a moment and then goes by its last answer. It has beaten when it answered; where the answer says that
 * its engine last moved some time ago, it beat then.
 */
final class TrackedWorker {

    private static final Logger LOG = LoggerFactory.getLogger(TrackedWorker.class);

    private final Worker worker;
    private final Origin origin;
    private final Time time;
    private final Duration patience;
    private final Queue queue = new Queue();
    private final Rest rest;
    private final Set<Assignment> running = ConcurrentHashMap.newKeySet();
    private volatile Answer last;
    private volatile String fault = "";
    private volatile boolean departed;
    private volatile boolean cardFault;
    private Question question;
    private WorkerStatus.State logged = WorkerStatus.State.STARTING;

    /**
     * @param status what it said
     * @param card what it serves; empty where it could not say
     * @param nanos when, by {@link Time#nanos()}
     * @param age how long before that it had beaten
     */
    private record Answer(WorkerSnapshot status, Optional<ModelCard> card, long nanos, Duration age) {
    }

    private record Question(FutureTask<Void> task, Thread thread, long nanos) {
    }

    /** @param patience how long who wants to know its status waits for an answer */
    TrackedWorker(Worker worker, Origin origin, Time time, Duration patience) {
        this.worker = worker;
        this.origin = origin;
        this.time = time;
        this.patience = patience;
        this.rest = new Rest(time);
        this.last = new Answer(WorkerSnapshot.silent(origin, time.now()), Optional.empty(), time.nanos(), Duration.ZERO);
    }

    Worker worker() {
        return worker;
    }

    Origin origin() {
        return origin;
    }

    Rest rest() {
        return rest;
    }

    /** As it last told it. */
    String id() {
        return last.status().id();
    }

    /** What it serves, as it last told it. */
    Optional<ModelCard> card() {
        return last.card();
    }

    void countIn() {
        queue.enter();
    }

    void countOut() {
        queue.leave();
    }

    /** Requests it was given that have not ended. */
    int open() {
        return queue.counted();
    }

    /** Requests it has, those of other controllers included. */
    int queue() {
        return queue.length();
    }

    /** Answers that are being read from it. */
    Set<Assignment> running() {
        return running;
    }

    /** Asks it how it stands, unless it still owes an answer. Does not wait. */
    synchronized void ask() {
        if (!departed && (question == null || question.task().isDone())) {
            FutureTask<Void> task = new FutureTask<>(this::listen, null);
            question = new Question(task, Thread.ofVirtual().name("alcove-status-" + origin.id()).start(task), time.nanos());
        }
    }

    /** Its service is no longer there: asks no more. */
    synchronized void depart() {
        departed = true;
        if (question != null) {
            question.thread().interrupt();
        }
    }

    private void listen() {
        try {
            WorkerSnapshot status = WorkerSnapshot.of(worker.status());
            Duration age = Duration.between(status.lastBeat(), time.now());
            queue.reported(status);
            last = new Answer(status, askCard(), time.nanos(), age.isNegative() ? Duration.ZERO : age);
            fault = "";
        } catch (RuntimeException | LinkageError | AssertionError | StackOverflowError e) {
            fault = "asked for its status it threw " + e + " (bundle " + origin.bundle() + ")";
        }
    }

    private Optional<ModelCard> askCard() {
        try {
            Optional<ModelCard> card = Optional.ofNullable(worker.model());
            cardFault = false;
            return card;
        } catch (RuntimeException | LinkageError | AssertionError | StackOverflowError e) {
            if (!cardFault) {
                LOG.warn("A worker of bundle {} threw when asked for its model; it is left out", origin.bundle(), e);
            }
            cardFault = true;
            return Optional.empty();
        }
    }

    /** How it stands now: asks, and waits a moment for the answer. */
    WorkerSnapshot status(Settings settings) {
        ask();
        Question asked;
        synchronized (this) {
            asked = question;
        }
        long wait = asked == null ? 0 : patience.toNanos() - (time.nanos() - asked.nanos());
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

    /** How it stood when it last answered; late or gone where that is too long ago, paused where it rests. */
    WorkerSnapshot lastKnown(Settings settings) {
        Answer answer = last;
        Duration silence = answer.age().plusNanos(Math.max(0, time.nanos() - answer.nanos()));
        return answer.status().after(silence, settings, fault).withQueue(queue()).resting(rest);
    }

    /**
     * Whether it says now that it takes nothing at present: answers that it ends then it hands over, which is no failure. It is
     * asked twice, as a question that is under way may have been asked before. That it rests is not what it says.
     */
    boolean handsOver(Settings settings) {
        status(settings);
        status(settings);
        return switch (last.status().state()) {
            case DRAINING, PAUSED, STARTING, FAILED -> true;
            case READY, LATE, GONE -> false;
        };
    }

    /** Remembers the state that was last told to people; whether it is another one. For the heartbeat's thread. */
    boolean changed(WorkerStatus.State state) {
        boolean other = state != logged;
        logged = state;
        return other;
    }

    /**
     * Gives up the answers of a worker that is gone, or whose service is, and from which nothing has come from one beat to the
     * next. Where events still come the answer goes on: a worker whose controller was lost is such a one.
     */
    void giveUpSilent(Settings settings) {
        if (running.isEmpty() || !departed && lastKnown(settings).state() != WorkerStatus.State.GONE) {
            return;
        }
        String why = departed ? "its service has left" : lastKnown(settings).reason();
        running.stream().filter(assignment -> assignment.silence().compareTo(settings.heartbeat()) >= 0)
                .forEach(assignment -> assignment.lose("worker " + id() + " was lost: " + why));
    }
}
