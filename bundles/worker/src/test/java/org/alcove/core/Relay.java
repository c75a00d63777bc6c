package org.alcove.core;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.alcove.api.control.Controller;
import org.alcove.api.guard.Vigil;
import org.alcove.api.scheduling.Choice;
import org.alcove.api.worker.Worker;
import org.alcove.ranked.Origin;

/** Core with some workers, which asks the first that is left. */
public final class Relay {

    private Relay() {
    }

    /** A controller of these workers. */
    public static Controller of(List<Worker> workers) {
        WorkerRegistry registry = new WorkerRegistry(Time.SYSTEM, Duration.ofSeconds(60));
        PolicyRegistry policies = new PolicyRegistry();
        policies.add("first", (request, candidates, random) -> new Choice(candidates.getFirst(), "the first"),
                new Origin(0, 0, "test"));
        for (int i = 0; i < workers.size(); i++) {
            registry.add(workers.get(i), new Origin(i + 1, 0, "test"));
        }
        Settings settings = new Settings("first", Map.of(), Duration.ofSeconds(5), Duration.ofSeconds(15),
                Duration.ofSeconds(60), 100, Duration.ZERO, new Rest.Rule(0, Duration.ZERO, Duration.ZERO), List.of());
        return new ServiceController(settings, registry, policies, new RequestObservers(), request -> Vigil.NONE,
                new RemoteChooser(null), Time.SYSTEM);
    }
}
