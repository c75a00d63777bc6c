package org.alcove.core;

import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.alcove.api.scheduling.Choice;
import org.alcove.api.scheduling.SchedulingPolicy;
import org.alcove.api.worker.Failure;
import org.alcove.api.worker.Request;
import org.alcove.api.worker.RequestException;
import org.alcove.api.worker.WorkerStatus;
import org.alcove.ranked.Origin;

/** A policy with its name and bundle. Every call into it passes here, so that what it does wrong is blamed on its bundle. */
final class InstalledPolicy {

    private final String name;
    private final SchedulingPolicy policy;
    private final Origin origin;

    InstalledPolicy(String name, SchedulingPolicy policy, Origin origin) {
        this.name = name;
        this.policy = policy;
        this.origin = origin;
    }

    /** What was chosen, from what, and why. The worker was counted in. */
    record Decision(CountedChoice choice, List<WorkerStatus> candidates) {
    }

    /**
     * Chooses, and counts the choice in before anybody else chooses by this policy: a request that comes at the same moment sees
     * it. The lock is this policy's own, so that one that hangs holds up nobody once configuration names another.
     *
     * @throws RequestException if the policy throws whatever it be, or chooses a stranger; names its bundle
     */
    synchronized Decision choose(Request request, List<WorkerRegistry.Candidate> candidates, RandomGenerator random) {
        List<WorkerStatus> shown = candidates.stream()
                .<WorkerStatus>map(candidate -> candidate.status().withQueue(candidate.tracked().queue())).toList();
        Choice choice;
        try {
            choice = policy.choose(request, shown, random);
        } catch (Throwable e) {
            // As with guards: a plug-in may throw anything, checked exceptions and errors of the machine among it.
            throw new RequestException(new Failure.Internal(blame("threw " + e)), e);
        }
        if (choice == null) {
            throw new RequestException(new Failure.Internal(blame("chose nothing")));
        }
        // By identity: a policy may not make up a worker that is equal to none of ours, nor one that only looks like it.
        int index = IntStream.range(0, shown.size()).filter(i -> shown.get(i) == choice.worker()).findFirst()
                .orElseThrow(() -> new RequestException(new Failure.Internal(blame("chose a worker that is none of the "
                        + "candidates " + shown.stream().map(WorkerStatus::id).collect(Collectors.joining(", "))))));
        return new Decision(CountedChoice.own(candidates.get(index).tracked(), shown.get(index).id(),
                String.valueOf(choice.reason())), shown);
    }

    private String blame(String deed) {
        return "the scheduling policy " + name + " of bundle " + origin.bundle() + " " + deed
                + "; replace that bundle, or configure another policy";
    }
}
