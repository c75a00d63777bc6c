package org.alcove.metrics;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.alcove.api.control.Controller;
import org.alcove.api.control.WorkerChooser;
import org.alcove.api.worker.Failure;
import org.alcove.api.worker.GenerateRequest;
import org.alcove.api.worker.RequestContext;
import org.alcove.api.worker.RequestException;
import org.alcove.api.worker.SamplingParameters;
import org.alcove.api.worker.WorkerStatus;

/**
 * Whether requests can be answered.
 *
 * @param ready whether
 * @param reason why not; empty where ready
 */
record Readiness(boolean ready, String reason) {

    /** Answers that are being written may go on; nobody is to ask anew. */
    static final Readiness STOPPING = new Readiness(false, "this process is stopping");

    private static final String NO_WORKER = "there is no worker: no model is loaded or being loaded";

    /** @param elsewhere who chooses workers in another process, where that is so */
    static Readiness of(Optional<Controller> controller, Optional<WorkerChooser> elsewhere) {
        if (controller.isEmpty()) {
            return new Readiness(false, "there is no controller: the bundle org.alcove.core is not running");
        }
        // Exceptions for single models follow; what is wrong stands in brackets after the name.
        String policy = controller.get().policy().split("; for ")[0];
        if (policy.isBlank() || policy.contains(" ")) {
            return new Readiness(false, "no scheduling policy: " + policy);
        }
        List<WorkerStatus> workers = controller.get().workers();
        if (workers.isEmpty()) {
            return new Readiness(false, elsewhere.map(Readiness::refusal).orElse(NO_WORKER));
        }
        if (workers.stream().anyMatch(worker -> worker.state() == WorkerStatus.State.READY)) {
            return new Readiness(true, "");
        }
        return new Readiness(false, "no worker is ready: " + workers.stream().map(Readiness::line)
                .collect(Collectors.joining("; ")));
    }

    /** Why a request would find nobody. The chooser alone knows; it is asked for a worker of no model, which there never is. */
    private static String refusal(WorkerChooser elsewhere) {
        GenerateRequest question = new GenerateRequest("", RequestContext.fresh(), new GenerateRequest.Text(""),
                SamplingParameters.PLAIN, GenerateRequest.Limits.tokens(0), GenerateRequest.Logprobs.NONE);
        try {
            elsewhere.choose(question, Set.of(), Optional.empty()).close();
        } catch (RequestException e) {
            if (e.failure() instanceof Failure.Unavailable) {
                return e.getMessage();
            }
        }
        return "the workers of the controller are not known here yet";
    }

    private static String line(WorkerStatus worker) {
        return worker.id() + " is " + worker.state().name().toLowerCase(Locale.ROOT)
                + (worker.reason().isEmpty() ? "" : " (" + worker.reason() + ")");
    }
}
