package org.alcove.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.stream.Collectors;
import org.alcove.accounts.Role;
import org.alcove.api.control.Controller;
import org.alcove.api.control.RequestObserver;
import org.alcove.api.worker.WorkerStatus;
import org.alcove.simulation.replay.PolicyReplay;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** What would have come of the requests of the last hour under each installed policy, with the workers that there are now. */
@Component(service = {Desk.class, RequestObserver.class, PolicySimulationDesk.class}, immediate = true)
public final class PolicySimulationDesk implements Desk, RequestObserver {

    /** Fewer requests than this, and a worst twentieth says nothing. */
    static final int NEEDED = 20;
    private static final String PATH = "policy/simulation";
    private static final String LOAD = "load";
    private static final double LEAST_LOAD = 0.1;
    private static final double MOST_LOAD = 20;
    /** As many as a worker serves at once unless it is configured otherwise. */
    private static final int SLOTS = 64;
    private static final long SEED = 1;

    private final Controller controller;
    private final PolicyReplay replay;
    private final InstantSource clock;
    private final PolicyArrivals arrivals = new PolicyArrivals();
    private final Semaphore free = new Semaphore(1);

    @Activate
    public PolicySimulationDesk(@Reference Controller controller, @Reference PolicyReplay replay) {
        this(controller, replay, InstantSource.system());
    }

    PolicySimulationDesk(Controller controller, PolicyReplay replay, InstantSource clock) {
        this.controller = controller;
        this.replay = replay;
        this.clock = clock;
    }

    @Override
    public void ended(RequestObserver.Record record) {
        arrivals.add(record);
    }

    @Override
    public List<Route> routes() {
        return List.of(Route.see(PATH, Role.VIEWER, call -> Route.Reply.ok(simulate(1))),
                Route.change("POST", PATH, Role.OPERATOR, "policy.simulate", this::simulateLoad));
    }

    private Route.Reply simulateLoad(Call call) throws IOException {
        ObjectNode body = call.body(LOAD);
        JsonNode load = body.path(LOAD);
        double times = load.isNumber() ? load.doubleValue() : Double.NaN;
        call.tell("", LOAD + " " + times);
        return Route.Reply.ok(simulate(times));
    }

    /** How each policy would have done if the requests of the last hour had come that many times as fast. */
    ObjectNode simulate(double load) {
        if (!(load >= LEAST_LOAD && load <= MOST_LOAD)) {
            throw AdminException.invalid("\"load\" must be a number from " + LEAST_LOAD + " to " + MOST_LOAD
                    + ": 2 has the same requests come in half the time");
        }
        if (!free.tryAcquire()) {
            throw new AdminException(429, "busy", "a simulation is running; ask again when it has ended", Duration.ofSeconds(2));
        }
        try {
            return simulate(load, clock.instant());
        } finally {
            free.release();
        }
    }

    private ObjectNode simulate(double load, Instant now) {
        List<PolicyReplay.Server> servers = controller.workers().stream()
                .filter(worker -> worker.state() == WorkerStatus.State.READY).flatMap(worker -> worker.models().stream()
                        .map(model -> new PolicyReplay.Server(worker.id(), model, worker.speed()))).toList();
        Set<String> served = servers.stream().map(PolicyReplay.Server::model).collect(Collectors.toSet());
        List<PolicyArrivals.Arrival> all = arrivals.lastHour(now);
        List<PolicyArrivals.Arrival> counted = all.stream().filter(arrival -> served.contains(arrival.model())).toList();
        ObjectNode json = JsonNodeFactory.instance.objectNode().put("minutes", PolicyArrivals.KEPT.toMinutes())
                .put(LOAD, load).put("requests", counted.size()).put("left_out", all.size() - counted.size())
                .put("needed", NEEDED).put("slots", SLOTS);
        counted.stream().map(PolicyArrivals.Arrival::when).min(Instant::compareTo)
                .ifPresentOrElse(first -> json.put("from", first.toString()), () -> json.putNull("from"));
        json.put("measured_response_seconds", counted.stream().mapToDouble(each -> each.total().toNanos() / 1e9).average()
                .orElse(0));
        ArrayNode workers = json.putArray("workers");
        servers.forEach(server -> workers.addObject().put("id", server.id()).put("model", server.model())
                .put("tokens_per_second", server.speed()));
        ArrayNode policies = json.putArray("policies");
        if (counted.size() >= NEEDED) {
            replay.replay(recording(counted, servers, load)).forEach(result -> policies.add(json(result)));
        }
        return json.put("reason", reason(counted.size(), all.size(), servers.size()));
    }

    private static String reason(int counted, int all, int servers) {
        if (counted >= NEEDED) {
            return "";
        }
        return servers == 0 ? "no worker takes requests now, so there is nothing to choose from"
                : counted + " requests that are served here came within the last hour; at least " + NEEDED
                + " are needed for a comparison that says anything" + (all == counted ? "" : "; " + (all - counted)
                + " more were for models that no worker serves now");
    }

    private static PolicyReplay.Recording recording(List<PolicyArrivals.Arrival> counted, List<PolicyReplay.Server> servers,
            double load) {
        Instant first = counted.stream().map(PolicyArrivals.Arrival::when).min(Instant::compareTo).orElseThrow();
        return new PolicyReplay.Recording(counted.stream().map(each -> new PolicyReplay.Order(
                Duration.between(first, each.when()).toNanos() / 1e9 / load, each.model(), each.tokens())).toList(), servers,
                SLOTS, SEED);
    }

    private static ObjectNode json(PolicyReplay.Result result) {
        ObjectNode json = JsonNodeFactory.instance.objectNode().put("policy", result.policy()).put("fault", result.fault());
        if (!result.fault().isEmpty()) {
            return json;
        }
        json.put("waiting_seconds", result.meanWaiting()).put("waiting_seconds_p95", result.waiting().get(95))
                .put("response_seconds", result.meanResponse()).put("queue", result.meanQueue())
                .put("queue_longest", result.longestQueue());
        ArrayNode waiting = json.putArray("waiting_percentiles");
        result.waiting().forEach(waiting::add);
        ArrayNode shares = json.putArray("shares");
        result.shares().forEach(share -> shares.addObject().put("worker", share.worker()).put("requests", share.requests())
                .put("work", share.work()));
        return json;
    }
}
