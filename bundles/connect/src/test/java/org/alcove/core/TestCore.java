package org.alcove.core;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
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
        Growing core = growing(Duration.ZERO);
        given.forEach(core::add);
        return core.controller();
    }

    /** Core, whose workers come and go. */
    public record Growing(Controller controller, Function<Worker, Runnable> adding) {

        /** Adds a worker; what is returned takes it away. */
        public Runnable add(Worker worker) {
            return adding.apply(worker);
        }
    }

    /** @param resumeWait how long an answer whose worker was lost waits for another one */
    public static Growing growing(Duration resumeWait) {
        WorkerRegistry workers = new WorkerRegistry(Time.SYSTEM, Duration.ofSeconds(60));
        PolicyRegistry policies = new PolicyRegistry();
        policies.add("first", (request, candidates, random) -> new Choice(candidates.getFirst(), "the first"),
                new Origin(1, 0, "policy 1.0.0"));
        AtomicLong ids = new AtomicLong(2);
        Settings settings = new Settings("first", Map.of(), Duration.ofSeconds(5), Duration.ofSeconds(15),
                Duration.ofSeconds(60), 10, resumeWait, new Rest.Rule(0, Duration.ofSeconds(1), Duration.ofSeconds(60)),
                List.of());
        Controller controller = new ServiceController(settings, workers, policies, new RequestObservers(),
                request -> Vigil.NONE, new RemoteChooser(null), Time.SYSTEM);
        return new Growing(controller, worker -> {
            long id = ids.getAndIncrement();
            workers.add(worker, new Origin(id, 0, "worker 1.0.0"));
            return () -> workers.remove(id);
        });
    }
}
