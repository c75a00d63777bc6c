package org.alcove.metrics;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.alcove.api.control.Controller;
import org.alcove.api.worker.WorkerStatus;

/**
 * Whether requests can be answered.
 *
 * @param ready whether
 * @param reason why not; empty where ready
 */
record Readiness(boolean ready, String reason) {

    static Readiness of(Optional<Controller> controller) {
        if (controller.isEmpty()) {
            return new Readiness(false, "there is no controller: the bundle org.alcove.core is not running");
        }
        // Exceptions for single models follow after the first semicolon; what is wrong stands in brackets after the name.
        String policy = controller.get().policy().split("; ")[0];
        if (policy.isBlank() || policy.contains(" ")) {
            return new Readiness(false, "no scheduling policy: " + policy);
        }
        List<WorkerStatus> workers = controller.get().workers();
        if (workers.isEmpty()) {
            return new Readiness(false, "there is no worker: no model is loaded or being loaded");
        }
        if (workers.stream().anyMatch(worker -> worker.state() == WorkerStatus.State.READY)) {
            return new Readiness(true, "");
        }
        return new Readiness(false, "no worker is ready: " + workers.stream().map(Readiness::line)
                .collect(Collectors.joining("; ")));
    }

    private static String line(WorkerStatus worker) {
        return worker.id() + " is " + worker.state().name().toLowerCase(Locale.ROOT)
                + (worker.reason().isEmpty() ? "" : " (" + worker.reason() + ")");
    }
}
