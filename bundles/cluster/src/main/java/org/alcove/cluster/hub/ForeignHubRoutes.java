package org.alcove.cluster.hub;

import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.alcove.api.control.Controller;
import org.alcove.api.control.WorkerChooser;
import org.alcove.api.worker.GenerateRequest;
import org.alcove.api.worker.Generation;
import org.alcove.api.worker.RequestContext;
import org.alcove.api.worker.RequestException;
import org.alcove.api.worker.SamplingParameters;
import org.alcove.api.worker.WorkerStatus;
import org.alcove.cluster.answer.ForeignAnswer;
import org.alcove.cluster.answer.ForeignOrder;
import org.alcove.cluster.door.Exchange;
import org.alcove.cluster.door.Route;
import org.alcove.cluster.door.Standing;
import org.alcove.cluster.wire.Beat;
import org.alcove.cluster.wire.FastChatRequest;
import org.alcove.cluster.wire.Json;
import org.alcove.cluster.wire.ListedWorker;
import org.alcove.cluster.wire.PeerRoute;
import org.alcove.cluster.wire.Registration;
import org.alcove.cluster.wire.Welcome;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The paths of FastChat's controller. Workers of ours register and beat here, too. */
final class ForeignHubRoutes {

    private static final Logger LOG = LoggerFactory.getLogger(ForeignHubRoutes.class);
    private static final Duration SILENCE = Duration.ofSeconds(10);
    private static final Set<WorkerStatus.State> DEAD = EnumSet.of(WorkerStatus.State.GONE, WorkerStatus.State.FAILED);

    private final Controller controller;
    private final WorkerChooser chooser;
    private final Directory directory;
    private final Registrar registrar;
    private final ForeignChoices choices;
    private final Welcome welcome;
    private final Runnable inquiry;

    /**
     * @param welcome what workers of ours are answered
     * @param inquiry has those asked for evidence who have come
     */
    ForeignHubRoutes(Controller controller, WorkerChooser chooser, Directory directory, Registrar registrar,
            ForeignChoices choices, Welcome welcome, Runnable inquiry) {
        this.controller = controller;
        this.chooser = chooser;
        this.directory = directory;
        this.registrar = registrar;
        this.choices = choices;
        this.welcome = welcome;
        this.inquiry = inquiry;
    }

    Map<String, Route> routes() {
        Map<String, Route> routes = new HashMap<>();
        routes.put("/register_worker", Route.fastChat(this::register));
        routes.put("/receive_heart_beat", Route.fastChat(this::beat));
        routes.put("/refresh_all_workers", Route.fastChat(this::refresh));
        routes.put("/list_models", Route.fastChat(exchange -> models(exchange, directory.listed())));
        routes.put("/list_multimodal_models", Route.fastChat(exchange -> models(exchange, directory.listed(true))));
        routes.put("/list_language_models", Route.fastChat(exchange -> models(exchange, directory.listed(false))));
        routes.put("/get_worker_address", Route.fastChat(this::choose));
        routes.put("/worker_get_status", Route.fastChat(this::status));
        routes.put("/worker_generate_stream", Route.fastChat(this::generate));
        routes.put("/test_connection", new Route("GET", true, exchange -> exchange.reply(200, TextNode.valueOf("success"))));
        return routes;
    }

    private void register(Exchange exchange) throws IOException {
        if (registrar.register(exchange)) {
            inquiry.run();
            exchange.reply(200, welcome.wrapped());
        } else {
            exchange.replyNull();
        }
    }

    private void beat(Exchange exchange) throws IOException {
        Beat beat = Beat.of(exchange.message());
        URI address = Surveyor.address(beat.worker());
        boolean known = beat.own().isPresent()
                ? exchange.standing() == Standing.OWN && directory.beat(address, beat.own().get())
                : directory.beat(address, exchange.peer(), beat.queueLength());
        if (known) {
            choices.beat(address.toString());
        }
        exchange.reply(200, Beat.answer(known));
    }

    /** FastChat's controller asks every worker anew, one after the other, and knows none meanwhile; nothing is forgotten here. */
    private void refresh(Exchange exchange) throws IOException {
        for (PeerRoute route : directory.foreign(false)) {
            Thread.ofVirtual().name("alcove-refresh").start(() -> registrar.revisit(route));
        }
        exchange.replyNull();
    }

    /** Models that some worker serves that is not dead. */
    private void models(Exchange exchange, List<ListedWorker> workers) throws IOException {
        Set<String> dead = controller.workers().stream().filter(worker -> DEAD.contains(worker.state())).map(WorkerStatus::id)
                .collect(Collectors.toSet());
        List<String> names = workers.stream().filter(worker -> !dead.contains(worker.report().id()))
                .map(worker -> worker.report().model().name()).distinct().sorted().toList();
        exchange.reply(200, Json.object().set("models", Json.texts(names)));
    }

    /** Without a worker the address is empty, as FastChat has it; the reason is in the log. */
    private void choose(Exchange exchange) throws IOException {
        String model = exchange.message().text("model");
        GenerateRequest request = new GenerateRequest(model, RequestContext.fresh(), new GenerateRequest.Text(""),
                SamplingParameters.PLAIN, GenerateRequest.Limits.tokens(0), GenerateRequest.Logprobs.NONE);
        String address = "";
        try {
            ListedChoice chosen = ListedChoice.of(chooser, directory, request, Set.of(), Optional.empty());
            address = chosen.worker().address();
            choices.hold(address, chosen.choice());
        } catch (RequestException e) {
            LOG.warn("A FastChat peer at {} is told of no worker: {}", exchange.request().getRemoteAddr(), e.getMessage());
        }
        exchange.reply(200, Json.object().put("address", address));
    }

    /** The controller as if it were one worker: all models, the sum of speeds, the sum of queues. */
    private void status(Exchange exchange) throws IOException {
        List<WorkerStatus> workers = controller.workers().stream().filter(worker -> worker.state() == WorkerStatus.State.READY)
                .toList();
        List<String> models = workers.stream().flatMap(worker -> worker.models().stream()).distinct().sorted().toList();
        exchange.reply(200, new Registration.FastChatStatus(models, workers.stream().mapToDouble(WorkerStatus::speed).sum(),
                workers.stream().mapToInt(WorkerStatus::queueLength).sum()).json());
    }

    private void generate(Exchange exchange) throws IOException, InterruptedException {
        FastChatRequest order = FastChatRequest.of(exchange.order());
        Generation generation;
        try {
            generation = ForeignAnswer.begin(controller::generate,
                    ForeignOrder.of(order, order.model(), exchange.standing()));
        } catch (RequestException e) {
            ForeignAnswer.refuse(exchange, e.failure());
            return;
        }
        ForeignAnswer.write(exchange, order, generation, SILENCE);
    }
}
