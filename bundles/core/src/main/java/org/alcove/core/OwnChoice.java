package org.alcove.core;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.alcove.api.control.Dispatch;
import org.alcove.api.worker.Failure;
import org.alcove.api.worker.Request;
import org.alcove.api.worker.RequestException;

/** Chooses among the workers of this process by the configured policy, and remembers what was chosen from what. */
final class OwnChoice {

    private static final Duration POLICY_RETRY = Duration.ofSeconds(5);

    private final WorkerRegistry workers;
    private final PolicyRegistry policies;
    private final DispatchHistory history;
    private final Supplier<Settings> settings;
    private final Time time;
    /** Thread-safe; policies are given nothing better. */
    private final RandomGenerator random = new Random();

    OwnChoice(WorkerRegistry workers, PolicyRegistry policies, DispatchHistory history, Supplier<Settings> settings, Time time) {
        this.workers = workers;
        this.policies = policies;
        this.history = history;
        this.settings = settings;
        this.time = time;
    }

    /**
     * Chooses, and counts the request in.
     *
     * @param note said before the policy's reason, for people; empty where nothing is special
     * @throws RequestException if there is no worker, or no policy; the failure gives the true reason
     */
    CountedChoice choose(Request request, Wish wish, String note) {
        Settings now = settings.get();
        List<WorkerRegistry.Candidate> roll = workers.roll(now);
        List<WorkerRegistry.Candidate> candidates = roll.stream().filter(wish::meets).toList();
        if (candidates.isEmpty()) {
            throw new RequestException(Absence.of(wish, roll));
        }
        String name = now.policyFor(request.model());
        InstalledPolicy policy = policies.named(name)
                .orElseThrow(() -> new RequestException(new Failure.Unavailable(POLICY_RETRY, policies.missing(name))));
        InstalledPolicy.Decision decision = policy.choose(request, candidates, random);
        if (decision.choice().cameTooEarly()) {
            decision.choice().close();
            return choose(request, wish, note);
        }
        history.add(new Dispatch(request.context().id(), request.model(), time.now(), name, decision.candidates(),
                decision.choice().worker(), note + decision.choice().reason()), now.history());
        return decision.choice();
    }
}
