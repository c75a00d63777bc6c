package org.alcove.core;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.alcove.api.control.Controller;
import org.alcove.api.guard.Vigil;
import org.alcove.api.scheduling.Choice;
import org.alcove.api.worker.Worker;
import org.alcove.ranked.Origin;

/** Core, for tests of other rooms: with these workers, of which it takes the first that will do. */
public final class TestCore {

    private TestCore() {
    }

    public static Controller of(List<? extends Worker> given) {
        WorkerRegistry workers = new WorkerRegistry(Time.SYSTEM, Duration.ofSeconds(5));
        PolicyRegistry policies = new PolicyRegistry();
        policies.add("first", (request, candidates, random) -> new Choice(candidates.getFirst(), "the first"),
                new Origin(1, 0, "policy 1.0.0"));
        long id = 2;
        for (Worker worker : given) {
            workers.add(worker, new Origin(id++, 0, "worker 1.0.0"));
        }
        Settings settings = new Settings("first", Map.of(), Duration.ofSeconds(5), Duration.ofSeconds(15),
                Duration.ofSeconds(60), 10, Duration.ZERO, new Rest.Rule(0, Duration.ofSeconds(1), Duration.ofSeconds(60)),
                List.of());
        return new ServiceController(settings, workers, policies, new RequestObservers(), request -> Vigil.NONE,
                new RemoteChooser(null), Time.SYSTEM);
    }
}
