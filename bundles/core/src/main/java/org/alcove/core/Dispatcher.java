package org.alcove.core;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.alcove.api.control.Dispatch;
import org.alcove.api.worker.Failure;
import org.alcove.api.worker.GenerateRequest;
import org.alcove.api.worker.Generation;
import org.alcove.api.worker.RequestException;
import org.alcove.api.worker.WorkerStatus;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds a worker for a request and gives it to that worker. */
final class Dispatcher {

    private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);
    private static final Duration POLICY_RETRY = Duration.ofSeconds(5);

    private final WorkerRegistry workers;
    private final PolicyRegistry policies;
    private final DispatchHistory history;
    private final Supplier<Settings> settings;
    private final Time time;
    /** Thread-safe; policies are given nothing better. */
    private final RandomGenerator random = new Random();

    Dispatcher(WorkerRegistry workers, PolicyRegistry policies, DispatchHistory history, Supplier<Settings> settings, Time time) {
        this.workers = workers;
        this.policies = policies;
        this.history = history;
        this.settings = settings;
        this.time = time;
    }

    /** Whether another worker might do what one has refused. */
    static boolean worthAnother(Failure failure) {
        return failure instanceof Failure.Overloaded || failure instanceof Failure.Unavailable;
    }

    /**
     * Gives a request to a worker, and where that one has no room to another, each once.
     *
     * @param tried workers not to be asked again; those asked are added
     * @param refusal why the last one refused, if one did; it is the answer where no other is left
     * @throws RequestException if nobody takes it
     */
    Assignment assign(GenerateRequest request, Set<TrackedWorker> tried, Optional<Failure> refusal, RequestAccount account) {
        Optional<Failure> last = refusal;
        while (true) {
            Settings now = settings.get();
            InstalledPolicy.Decision decision = decide(request, tried, last, now);
            tried.add(decision.worker());
            account.servedBy(decision.chosen().id());
            try {
                return hand(request, decision.worker());
            } catch (RequestException e) {
                if (!worthAnother(e.failure())) {
                    throw e;
                }
                LOG.debug("Worker {} refuses request {}: {}", decision.chosen().id(), request.context().id(), e.getMessage());
                last = Optional.of(e.failure());
            }
        }
    }

    private InstalledPolicy.Decision decide(GenerateRequest request, Set<TrackedWorker> tried, Optional<Failure> refusal,
            Settings now) {
        List<WorkerRegistry.Candidate> roll = workers.roll(now);
        List<WorkerRegistry.Candidate> candidates = roll.stream()
                .filter(candidate -> candidate.status().state() == WorkerStatus.State.READY
                        && candidate.status().models().contains(request.model()) && !tried.contains(candidate.tracked()))
                .toList();
        if (candidates.isEmpty()) {
            throw new RequestException(refusal.orElseGet(
                    () -> Absence.of(request.model(), roll.stream().map(WorkerRegistry.Candidate::status).toList())));
        }
        String name = now.policyFor(request.model());
        InstalledPolicy policy = policies.named(name)
                .orElseThrow(() -> new RequestException(new Failure.Unavailable(POLICY_RETRY, policies.missing(name))));
        InstalledPolicy.Decision decision = policy.choose(request, candidates, random);
        history.add(new Dispatch(request.context().id(), request.model(), time.now(), name, decision.candidates(),
                decision.chosen().id(), decision.reason()), now.history());
        return decision;
    }

    /** The worker was counted in; it stays so only where it takes the request. */
    private static Assignment hand(GenerateRequest request, TrackedWorker worker) {
        Generation generation = null;
        try {
            generation = worker.worker().generate(request);
            if (generation == null) {
                throw new RequestException(new Failure.Internal("the worker of bundle " + worker.origin().bundle()
                        + " gave no answer and no reason"));
            }
            return new Assignment(worker, generation);
        } catch (RequestException e) {
            throw e;
        } catch (RuntimeException | LinkageError | AssertionError | StackOverflowError e) {
            LOG.error("A worker of bundle {} threw when it was given a request", worker.origin().bundle(), e);
            throw new RequestException(new Failure.Internal("the worker of bundle " + worker.origin().bundle() + " threw "
                    + e.getClass().getName() + "; the server's log says more"), e);
        } finally {
            if (generation == null) {
                worker.countOut();
            }
        }
    }
}
