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
    static Failure of(String model, List<WorkerSnapshot> workers) {
        List<WorkerSnapshot> serving = workers.stream().filter(worker -> worker.models().contains(model)).toList();
        String shown = model.length() > LONGEST_NAME ? model.substring(0, LONGEST_NAME) + "…" : model;
        if (serving.isEmpty()) {
            String served = workers.stream().flatMap(worker -> worker.models().stream())
                    .collect(Collectors.toCollection(TreeSet::new)).stream().collect(Collectors.joining(", "));
            return new Failure.UnknownModel(model, "the model \"" + shown + "\" is not served here; " + (served.isEmpty()
                    ? "no model is: start with --model PATH" : "models served: " + served));
        }
        Duration soonest = serving.stream().map(worker -> retryAfter(worker.state())).min(Duration::compareTo).orElseThrow();
        return new Failure.Unavailable(soonest, "the model \"" + shown + "\" cannot answer at present: "
                + serving.stream().map(Absence::explain).collect(Collectors.joining("; ")));
    }

    private static String explain(WorkerSnapshot worker) {
        String state = switch (worker.state()) {
            case STARTING -> "is loading";
            case FAILED -> "has no model";
            case READY -> "is ready";
            case PAUSED -> "is paused";
            case LATE -> "is late";
            case DRAINING -> "finishes what it has and takes no more";
            case GONE -> "is gone";
        };
        return "worker " + worker.id() + " " + state + (worker.reason().isEmpty() ? "" : " (" + worker.reason() + ")");
    }

    private static Duration retryAfter(WorkerStatus.State state) {
        return Duration.ofSeconds(switch (state) {
            case READY -> 1;
            case STARTING -> 2;
            case PAUSED, LATE -> 5;
            case DRAINING -> 10;
            case FAILED, GONE -> 30;
        });
    }
}
