package org.alcove.core;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.alcove.api.control.RequestObserver.Outcome;
import org.alcove.api.guard.Vigil;
import org.alcove.api.worker.Failure;
import org.alcove.api.worker.GenerateRequest;
import org.alcove.api.worker.Generation;
import org.alcove.api.worker.GenerationEvent;
import org.alcove.api.worker.RequestException;

/**
 * An answer on its way from a worker to the reader, with its account. A worker that refuses as its first word is replaced by
 * another one; one that is lost in the middle by one that writes the same text on. The reader notices neither. Read by one
 * thread; closed by any.
 */
final class RelayedGeneration implements Generation {

    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

    private final House house;
    private final Journey journey;
    private final RequestAccount account;
    private final Vigil vigil;
    private final Progress progress = new Progress();
    /** Replaced under the monitor, by the reader. */
    private volatile Assignment assignment;
    private volatile boolean closed;
    private Loss loss;
    /** What the present worker was chosen for; forgotten when it says its first word. */
    private Loss mended;
    private boolean over;

    /** Where it all happens. */
    record House(Dispatcher dispatcher, WorkerRegistry workers, Supplier<Settings> settings, Time time) {
    }

    /**
     * A worker has gone and nobody has yet gone on.
     *
     * @param event what it ended with
     * @param since when
     * @param curable whether to wait for another one
     */
    private record Loss(GenerationEvent.Failed event, long since, boolean curable) {
    }

    RelayedGeneration(House house, Journey journey, RequestAccount account, Assignment assignment, Vigil vigil) {
        this.house = house;
        this.journey = journey;
        this.account = account;
        this.assignment = assignment;
        this.vigil = vigil;
    }

    @Override
    public GenerationEvent next() throws InterruptedException {
        while (!over && !closed) {
            GenerationEvent event = loss == null ? read() : replace();
            if (closed || event == null) {
                continue;
            }
            Optional<GenerationEvent> told = progress.take(event);
            if (told.isPresent()) {
                GenerationEvent shown = vigil.see(told.get());
                over = shown instanceof GenerationEvent.Finished || shown instanceof GenerationEvent.Failed;
                if (over) {
                    assignment.close();
                }
                account.saw(shown);
                return shown;
            }
        }
        return null;
    }

    @Override
    public int placeInLine() {
        return assignment.placeInLine();
    }

    /** The worker's next event; null where it was lost and another one may go on. */
    private GenerationEvent read() throws InterruptedException {
        GenerationEvent event = assignment.next();
        if (event != null && progress.strays(event)) {
            event = new GenerationEvent.Failed(new Failure.Internal("worker " + assignment.choice().worker()
                    + " went on with another text than was told already"));
        }
        if (!(event instanceof GenerationEvent.Failed failed) || closed) {
            mended = null;
            return event;
        }
        Failure failure = failed.failure();
        Settings settings = house.settings().get();
        // Who cannot go on with what it has begun, because it fell silent or its process is gone, has failed as well; who drains
        // or waits for a kernel has not.
        if (failure instanceof Failure.Internal || assignment.brokenOff() || assignment.begun()
                && failure instanceof Failure.Unavailable && !assignment.choice().tracked().handsOver(settings)) {
            assignment.choice().failed(failure.message(), settings);
        }
        assignment.close();
        return lost(failed) ? null : failed;
    }

    /** Whether another worker may go on. */
    private boolean lost(GenerationEvent.Failed failed) {
        CountedChoice last = assignment.choice();
        Failure failure = failed.failure();
        if (mended != null) {
            // It has refused to go on: still the first loss is to be mended.
            loss = mended;
            return journey.refusedBy(last, failure) || !journey.exhausted();
        }
        boolean another = progress.begun() ? journey.failedBy(last, failure, progress.deed()) : journey.refusedBy(last, failure);
        boolean curable = progress.begun() && (assignment.brokenOff() || failure instanceof Failure.Unavailable);
        loss = another && progress.canGoOn() ? new Loss(failed, house.time().nanos(), curable) : null;
        return loss != null;
    }

    /**
     * Has another worker go on. Null where one does; the last word where none can.
     *
     * @throws InterruptedException if the reader was interrupted while it waited for one; the next call goes on waiting
     */
    private GenerationEvent replace() throws InterruptedException {
        Duration pause = FIRST_PAUSE;
        while (true) {
            long seen = house.workers().changes();
            RequestException nobody;
            try {
                take(elsewhere());
                mended = progress.begun() ? loss : null;
                loss = null;
                return null;
            } catch (RequestException e) {
                nobody = e;
            }
            long left = left();
            if (closed || left <= 0) {
                return lastWord(nobody.failure());
            }
            journey.forgive();
            house.workers().awaitChange(seen, Math.min(left, pause.toNanos()));
            pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
        }
    }

    /** Where nothing was told but that the answer begins, any worker will do, though one of equal weights is better. */
    private Assignment elsewhere() {
        GenerateRequest again = progress.again(journey.request());
        if (!progress.begun()) {
            return house.dispatcher().assign(journey,
                    new Errand(again, Optional.empty(), Optional.of(loss.event().failure()), false), account);
        }
        RequestException nobody = null;
        for (Optional<String> fingerprint : progress.onlyBegun() ? List.of(progress.fingerprint(), Optional.<String>empty())
                : List.of(progress.fingerprint())) {
            try {
                return house.dispatcher().assign(journey, new Errand(again, fingerprint, Optional.empty(), true), account);
            } catch (RequestException e) {
                nobody = e;
            }
        }
        throw nobody;
    }

    private synchronized void take(Assignment other) {
        assignment = other;
        progress.restart();
        if (closed) {
            other.close();
        }
    }

    /** Nanoseconds to wait for another worker. */
    private long left() {
        if (!loss.curable()) {
            return 0;
        }
        long left = loss.since() + house.settings().get().resumeWait().toNanos() - house.time().nanos();
        return journey.request().context().deadline().map(deadline ->
                Math.min(left, Duration.between(house.time().now(), deadline).toNanos())).orElse(left);
    }

    private GenerationEvent lastWord(Failure nobody) {
        Failure failure = loss.event().failure();
        if (!progress.begun()) {
            return new GenerationEvent.Failed(nobody);
        }
        String message = failure.message() + "; and nobody could go on with the answer: " + nobody.message();
        return new GenerationEvent.Failed(failure instanceof Failure.Unavailable unavailable
                ? new Failure.Unavailable(unavailable.retryAfter(), message) : new Failure.Internal(message));
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            assignment.close();
        }
        house.workers().wake();
        account.end(new Outcome.Cancelled());
    }
}
