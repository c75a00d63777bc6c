package org.alcove.core;

import java.time.Duration;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.alcove.api.worker.Failure;
import org.alcove.api.worker.WorkerStatus;

/** Says why nobody serves a model. */
final class Absence {

    private static final int LONGEST_NAME = 100;

    private Absence() {
    }

    /** The true reason, from all workers as they stand. */
    static Failure of(Wish wish, List<WorkerRegistry.Candidate> workers) {
        String model = wish.model();
        List<WorkerRegistry.Candidate> serving = workers.stream()
                .filter(worker -> worker.status().models().contains(model)).toList();
        String shown = shown(model);
        if (serving.isEmpty()) {
            String served = workers.stream().flatMap(worker -> worker.status().models().stream())
                    .collect(Collectors.toCollection(TreeSet::new)).stream().collect(Collectors.joining(", "));
            return new Failure.UnknownModel(model, "the model \"" + shown + "\" is not served here; " + (served.isEmpty()
                    ? "no model is: start with --model PATH" : "models served: " + served));
        }
        Duration soonest = serving.stream().map(Absence::retryAfter).min(Duration::compareTo).orElseThrow();
        return new Failure.Unavailable(soonest, "the model \"" + shown + "\" cannot answer at present: "
                + serving.stream().map(worker -> explain(worker, wish)).collect(Collectors.joining("; ")));
    }

    /** Nobody is known here who serves it, and whether somebody does could not be asked. */
    static Failure undecided(String model, Failure.Unavailable away) {
        return new Failure.Unavailable(away.retryAfter(), "no worker for the model \"" + shown(model) + "\" is known here; "
                + away.message());
    }

    private static String shown(String model) {
        return model.length() > LONGEST_NAME ? model.substring(0, LONGEST_NAME) + "…" : model;
    }

    private static String explain(WorkerRegistry.Candidate candidate, Wish wish) {
        WorkerSnapshot worker = candidate.status();
        String state = switch (worker.state()) {
            case STARTING -> "is loading";
            case FAILED -> "has no model";
            case READY -> wish.objection(candidate).orElse("is ready");
            case PAUSED -> "is paused";
            case LATE -> "is late";
            case DRAINING -> "finishes what it has and takes no more";
            case GONE -> "is gone";
        };
        return "worker " + worker.id() + " " + state + (worker.reason().isEmpty() ? "" : " (" + worker.reason() + ")");
    }

    /** A worker that rests is tried again when its rest ends. */
    private static Duration retryAfter(WorkerRegistry.Candidate candidate) {
        Duration rest = candidate.tracked().rest().left();
        if (candidate.status().state() == WorkerStatus.State.PAUSED && !rest.isZero()) {
            return Duration.ofSeconds(Math.ceilDiv(rest.toMillis(), 1000));
        }
        return Duration.ofSeconds(switch (candidate.status().state()) {
            case READY -> 1;
            case STARTING -> 2;
            case PAUSED, LATE -> 5;
            case DRAINING -> 10;
            case FAILED, GONE -> 30;
        });
    }
}
