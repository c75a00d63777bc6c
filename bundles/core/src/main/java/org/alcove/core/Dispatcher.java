package org.alcove.core;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.alcove.api.control.Dispatch;
import org.alcove.api.control.WorkerChoice;
import org.alcove.api.control.WorkerChooser;
import org.alcove.api.worker.Failure;
import org.alcove.api.worker.Generation;
import org.alcove.api.worker.RequestException;
import org.alcove.api.worker.WorkerStatus;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds a worker for a request, or asks who finds one elsewhere, and gives the request to that worker. */
final class Dispatcher {

    private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);
    /** A worker that was chosen elsewhere may turn up here a moment later. */
    private static final Duration STRANGER_WAIT = Duration.ofSeconds(2);
    private static final Duration STRANGER_RETRY = Duration.ofSeconds(1);
    private static final String CONTROLLER = "controller";

    private final WorkerRegistry workers;
    private final OwnChoice own;
    private final RemoteChooser remote;
    private final DispatchHistory history;
    private final Supplier<Settings> settings;
    private final Time time;

    Dispatcher(WorkerRegistry workers, OwnChoice own, RemoteChooser remote, DispatchHistory history,
            Supplier<Settings> settings, Time time) {
        this.workers = workers;
        this.own = own;
        this.remote = remote;
        this.history = history;
        this.settings = settings;
        this.time = time;
    }

    /**
     * Gives a request to a worker, and where that one does not take it to another, each once.
     *
     * @throws RequestException if nobody takes it
     */
    Assignment assign(Journey journey, Errand errand, RequestAccount account) {
        Optional<Failure> last = errand.refusal();
        while (true) {
            Optional<CountedChoice> found;
            try {
                found = choose(journey, errand);
            } catch (RequestException e) {
                throw e.failure() instanceof Failure.Internal ? e : last.map(RequestException::new).orElse(e);
            }
            if (found.isEmpty()) {
                last = Optional.of(new Failure.Unavailable(STRANGER_RETRY, "the controller chose a worker that is not known here;"
                        + " try again in a moment"));
                continue;
            }
            CountedChoice choice = found.get();
            account.asked(choice.worker());
            try {
                Assignment assignment = hand(errand, choice);
                account.servedBy(choice.worker());
                return assignment;
            } catch (RequestException e) {
                judge(choice, e);
                if (!journey.refusedBy(choice, e.failure()) && (!errand.goesOn() || journey.exhausted())) {
                    throw e;
                }
                LOG.debug("Worker {} refuses request {}: {}", choice.worker(), errand.request().context().id(), e.getMessage());
                last = Optional.of(e.failure());
            }
        }
    }

    /** Who answers with a fault of its own, or cannot be reached, has failed; who has no room has not. */
    private void judge(CountedChoice choice, RequestException refusal) {
        if (refusal.failure() instanceof Failure.Internal
                || refusal.failure() instanceof Failure.Unavailable && refusal.getCause() instanceof IOException) {
            choice.failed(refusal.getMessage(), settings.get());
        }
    }

    private Optional<CountedChoice> choose(Journey journey, Errand errand) {
        Wish wish = journey.wish(errand.fingerprint());
        Optional<WorkerChooser> elsewhere = remote.present();
        return elsewhere.isEmpty() ? Optional.of(own.choose(errand.request(), wish, journey.note()))
                : chooseElsewhere(elsewhere.get(), journey, errand, wish);
    }

    /** Asks the controller; where it cannot be reached, chooses by what was last known. Empty where nobody knows its choice. */
    private Optional<CountedChoice> chooseElsewhere(WorkerChooser chooser, Journey journey, Errand errand, Wish wish) {
        List<WorkerRegistry.Candidate> roll = workers.roll(settings.get());
        Set<String> excluded = journey.excludedIds(roll);
        boolean resting = roll.stream().filter(candidate -> !candidate.tracked().rest().open())
                .map(candidate -> excluded.add(candidate.status().id())).count() > 0;
        WorkerChoice chosen;
        try {
            chosen = chooser.choose(errand.request(), excluded, errand.fingerprint());
        } catch (RequestException e) {
            if (e.failure() instanceof Failure.Unavailable away && e.getCause() instanceof IOException) {
                return Optional.of(chooseByWhatIsKnown(errand, wish, journey.note(), away));
            }
            throw resting ? new RequestException(Absence.of(wish, roll)) : e;
        } catch (RuntimeException | LinkageError | AssertionError | StackOverflowError e) {
            LOG.error("The one who chooses workers elsewhere threw", e);
            throw new RequestException(new Failure.Internal("choosing a worker elsewhere failed with " + e.getClass().getName()
                    + "; the server's log says more"), e);
        }
        Optional<WorkerRegistry.Candidate> known = await(chosen.worker(), wish);
        if (known.isEmpty()) {
            chosen.close();
            journey.stranger(chosen.worker());
            return Optional.empty();
        }
        CountedChoice choice = CountedChoice.of(known.get().tracked(), chosen);
        if (choice.cameTooEarly()) {
            choice.close();
            return chooseElsewhere(chooser, journey, errand, wish);
        }
        remember(errand, known.get().status(), journey.note() + chosen.reason());
        return Optional.of(choice);
    }

    /** Whether there is a model that no worker here serves is for the controller to say, which cannot be asked. */
    private CountedChoice chooseByWhatIsKnown(Errand errand, Wish wish, String note, Failure.Unavailable away) {
        try {
            return own.choose(errand.request(), wish, note + away.message() + "; so by what was last known: ");
        } catch (RequestException nobody) {
            throw nobody.failure() instanceof Failure.UnknownModel
                    ? new RequestException(Absence.undecided(wish.model(), away)) : nobody;
        }
    }

    private Optional<WorkerRegistry.Candidate> await(String id, Wish wish) {
        long due = time.nanos() + STRANGER_WAIT.toNanos();
        while (true) {
            long seen = workers.changes();
            Optional<WorkerRegistry.Candidate> known = workers.roll(settings.get()).stream()
                    .filter(candidate -> candidate.status().id().equals(id) && !wish.excluded().test(candidate)).findFirst();
            long left = due - time.nanos();
            if (known.isPresent() || left <= 0) {
                return known;
            }
            try {
                workers.awaitChange(seen, left);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return Optional.empty();
            }
        }
    }

    private void remember(Errand errand, WorkerStatus chosen, String reason) {
        history.add(new Dispatch(errand.request().context().id(), errand.request().model(), time.now(), CONTROLLER,
                List.of(chosen), chosen.id(), reason), settings.get().history());
    }

    /** The choice is held; it stays so only where the worker takes the request. */
    private Assignment hand(Errand errand, CountedChoice choice) {
        String bundle = choice.tracked().origin().bundle();
        boolean taken = false;
        try {
            Generation generation = choice.tracked().worker().generate(errand.request());
            if (generation == null) {
                throw new RequestException(new Failure.Internal("the worker of bundle " + bundle
                        + " gave no answer and no reason"));
            }
            taken = true;
            return new Assignment(choice, generation, time);
        } catch (RequestException e) {
            throw e;
        } catch (RuntimeException | LinkageError | AssertionError | StackOverflowError e) {
            LOG.error("A worker of bundle {} threw when it was given a request", bundle, e);
            throw new RequestException(new Failure.Internal("the worker of bundle " + bundle + " threw "
                    + e.getClass().getName() + "; the server's log says more"), e);
        } finally {
            if (!taken) {
                choice.close();
            }
        }
    }
}
