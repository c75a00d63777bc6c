package org.alcove.cluster.hub;

import java.io.IOException;
import java.net.URI;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.alcove.api.control.Controller;
import org.alcove.api.control.WorkerChoice;
import org.alcove.api.control.WorkerChooser;
import org.alcove.api.worker.WorkerStatus;
import org.alcove.cluster.door.Exchange;
import org.alcove.cluster.door.Refusal;
import org.alcove.cluster.door.Route;
import org.alcove.cluster.wire.ChoiceAnswer;
import org.alcove.cluster.wire.ChoiceRequest;
import org.alcove.cluster.wire.Hello;
import org.alcove.cluster.wire.Json;
import org.alcove.cluster.wire.Leave;
import org.alcove.cluster.wire.ListedWorker;
import org.alcove.cluster.wire.Release;
import org.alcove.cluster.wire.Welcome;
import org.alcove.cluster.wire.WorkerReport;

/** What a controller does for processes of ours. */
final class HubRoutes {

    private final Controller controller;
    private final WorkerChooser chooser;
    private final Directory directory;
    private final Ledger ledger;
    private final Welcome welcome;
    private final InstantSource clock;

    /** @param welcome what processes are greeted with */
    HubRoutes(Controller controller, WorkerChooser chooser, Directory directory, Ledger ledger, Welcome welcome,
            InstantSource clock) {
        this.controller = controller;
        this.chooser = chooser;
        this.directory = directory;
        this.ledger = ledger;
        this.welcome = welcome;
        this.clock = clock;
    }

    Map<String, Route> routes() {
        return Map.of("/alcove/v1/hello", Route.own("POST", this::greet),
                "/alcove/v1/workers", Route.own("GET", this::list),
                "/alcove/v1/choose", Route.own("POST", this::choose),
                "/alcove/v1/release", Route.own("POST", this::release),
                "/alcove/v1/leave", Route.own("POST", this::leave));
    }

    private void greet(Exchange exchange) throws IOException {
        ledger.hear(Hello.of(exchange.message()).client());
        exchange.reply(200, welcome.json());
    }

    private void list(Exchange exchange) throws IOException {
        String client = exchange.request().getParameter("client");
        if (client == null) {
            throw Refusal.of(400, "bad_client", "the parameter client is missing; give the id of the API process");
        }
        ledger.hear(client);
        exchange.reply(200, ListedWorker.list(welcome.controller(), standing()));
    }

    /** All workers as core sees them: with their state, and with all requests that were chosen for them. */
    private List<ListedWorker> standing() {
        Map<String, WorkerStatus> seen = controller.workers().stream()
                .collect(Collectors.toMap(WorkerStatus::id, Function.identity(), (first, second) -> first));
        Instant now = clock.instant();
        return directory.listed().stream().map(worker -> {
            WorkerStatus status = seen.get(worker.report().id());
            return status == null ? worker : worker.with(WorkerReport.of(worker.report().model(), status, now));
        }).toList();
    }

    /** Where the answer cannot be told, an API process that did not name the ticket will never release it. */
    private void choose(Exchange exchange) throws IOException {
        ChoiceRequest asked = ChoiceRequest.of(exchange.message());
        ledger.hear(asked.client());
        ledger.release(asked.client(), asked.ended());
        ListedChoice chosen = ListedChoice.of(chooser, directory, asked.request(), asked.excluded(), asked.fingerprint());
        WorkerChoice choice = chosen.choice();
        String ticket = ledger.open(asked.client(), asked.ticket(), choice);
        try {
            exchange.reply(200, new ChoiceAnswer(ticket, choice.worker(), chosen.worker().address(),
                    chosen.worker().protocol(), choice.reason()).json());
        } catch (IOException e) {
            ledger.release(asked.client(), List.of(ticket));
            throw e;
        }
    }

    private void release(Exchange exchange) throws IOException {
        Release release = Release.of(exchange.message());
        ledger.release(release.client(), release.tickets());
        exchange.reply(200, Json.object());
    }

    private void leave(Exchange exchange) throws IOException {
        Leave leave = Leave.of(exchange.message());
        URI address = Surveyor.address(leave.worker());
        directory.leave(address, leave.instance());
        exchange.reply(200, Json.object());
    }
}
