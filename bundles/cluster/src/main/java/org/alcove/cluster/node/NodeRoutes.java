package org.alcove.cluster.node;

import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.alcove.api.worker.Failure;
import org.alcove.api.worker.GenerateRequest;
import org.alcove.api.worker.Generation;
import org.alcove.api.worker.RequestException;
import org.alcove.api.worker.Worker;
import org.alcove.cluster.answer.FrameAnswer;
import org.alcove.cluster.door.Exchange;
import org.alcove.cluster.door.Route;
import org.alcove.cluster.wire.FailureCodec;
import org.alcove.cluster.wire.Fields;
import org.alcove.cluster.wire.Json;
import org.alcove.cluster.wire.ProcessReport;
import org.alcove.cluster.wire.RequestCodec;
import org.alcove.cluster.wire.WireException;
import org.alcove.cluster.wire.WorkerReport;

/** What a worker's process does for processes of ours. */
final class NodeRoutes {

    private final Residents residents;
    private final OpenAnswers answers;
    private final Supplier<ProcessReport> report;
    private final InstantSource clock;
    private final Duration ping;
    private final Runnable nudge;

    /**
     * @param report how this process stands
     * @param ping how long a peer hears nothing at most
     * @param nudge has the controller told at once that something has changed
     */
    NodeRoutes(Residents residents, OpenAnswers answers, Supplier<ProcessReport> report, InstantSource clock, Duration ping,
            Runnable nudge) {
        this.residents = residents;
        this.answers = answers;
        this.report = report;
        this.clock = clock;
        this.ping = ping;
        this.nudge = nudge;
    }

    Map<String, Route> routes() {
        return Map.of("/alcove/v1/status", Route.own("GET", exchange -> exchange.reply(200, report.get().json())),
                "/alcove/v1/generate", Route.own("POST", this::generate),
                "/alcove/v1/evidence", Route.own("POST", this::evidence),
                "/alcove/v1/cancel", Route.own("POST", this::cancel),
                "/alcove/v1/drain", Route.own("POST", exchange -> steer(exchange, Worker::drain)),
                "/alcove/v1/reopen", Route.own("POST", exchange -> steer(exchange, Worker::reopen)));
    }

    private void generate(Exchange exchange) throws IOException, InterruptedException {
        Worker worker;
        Generation generation;
        try {
            GenerateRequest request = RequestCodec.of(exchange.order());
            answers.check();
            worker = residents.serving(request.model());
            generation = answers.add(request.context().id(), worker.generate(request));
        } catch (RequestException e) {
            FrameAnswer.refuse(exchange, FailureCodec.status(e.failure()), e.failure());
            return;
        } catch (WireException e) {
            FrameAnswer.refuse(exchange, e.kind().status(), new Failure.Invalid("", e.getMessage()));
            return;
        }
        new FrameAnswer(ping, () -> WorkerReport.of(worker, clock.instant()).beatAge()).write(exchange, generation);
    }

    private void evidence(Exchange exchange) throws IOException {
        Fields fields = exchange.message();
        byte[] document = residents.serving(fields.text("model")).evidence(fields.bytes("nonce"));
        exchange.reply(200, Json.object().put("evidence", Base64.getEncoder().encodeToString(document)));
    }

    private void cancel(Exchange exchange) throws IOException {
        answers.cancel(exchange.message().text("id"));
        exchange.reply(200, Json.object());
    }

    /** Without the name of a model all of them are meant. */
    private void steer(Exchange exchange, java.util.function.Consumer<Worker> order) throws IOException {
        Fields fields = exchange.message();
        Function<String, java.util.List<Worker>> named = model -> java.util.List.of(residents.serving(model));
        fields.maybeText("model").map(named).orElseGet(residents::all).forEach(order);
        nudge.run();
        exchange.reply(200, Json.object());
    }
}
