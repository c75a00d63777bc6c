package org.alcove.cluster.node;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.function.Supplier;
import org.alcove.api.worker.Failure;
import org.alcove.api.worker.GenerateRequest;
import org.alcove.api.worker.Generation;
import org.alcove.api.worker.RequestException;
import org.alcove.api.worker.Worker;
import org.alcove.cluster.answer.ChatMarks;
import org.alcove.cluster.answer.ForeignAnswer;
import org.alcove.cluster.answer.ForeignOrder;
import org.alcove.cluster.door.Exchange;
import org.alcove.cluster.door.Route;
import org.alcove.cluster.wire.FastChatErrors;
import org.alcove.cluster.wire.FastChatRequest;
import org.alcove.cluster.wire.Fields;
import org.alcove.cluster.wire.Json;
import org.alcove.cluster.wire.Registration;

/** What a worker's process does for processes of FastChat: the paths of its worker. */
final class ForeignNodeRoutes {

    private final Residents residents;
    private final OpenAnswers answers;
    private final Supplier<Registration.FastChatStatus> status;
    private final Duration silence;
    private final ChatMarks marks = new ChatMarks();

    /**
     * @param status how this process stands, in FastChat's terms
     * @param silence how long a reader hears nothing at most
     */
    ForeignNodeRoutes(Residents residents, OpenAnswers answers, Supplier<Registration.FastChatStatus> status, Duration silence) {
        this.residents = residents;
        this.answers = answers;
        this.status = status;
        this.silence = silence;
    }

    Map<String, Route> routes() {
        return Map.of("/worker_generate_stream", Route.fastChat(this::stream),
                "/worker_generate", Route.fastChat(this::generate),
                "/worker_get_embeddings", Route.fastChat(this::embed),
                "/worker_get_status", Route.fastChat(exchange -> exchange.reply(200, status.get().json())),
                "/count_token", Route.fastChat(this::count),
                "/worker_get_conv_template", Route.fastChat(exchange -> exchange.reply(200, marks.template().json())),
                "/model_details", Route.fastChat(this::details));
    }

    private void stream(Exchange exchange) throws IOException, InterruptedException {
        FastChatRequest order;
        Generation generation;
        try {
            order = FastChatRequest.of(exchange.order());
            generation = begin(order, exchange);
        } catch (RequestException e) {
            ForeignAnswer.refuse(exchange, e.failure());
            return;
        }
        ForeignAnswer.write(exchange, order, generation, silence);
    }

    private void generate(Exchange exchange) throws IOException, InterruptedException {
        FastChatRequest order = FastChatRequest.of(exchange.order());
        try {
            exchange.reply(200, ForeignAnswer.whole(order, begin(order, exchange), silence).json());
        } catch (RequestException e) {
            exchange.reply(200, ForeignAnswer.error(e.failure()).json());
        }
    }

    private Generation begin(FastChatRequest order, Exchange exchange) {
        answers.check();
        Worker worker = residents.meant(order.model());
        GenerateRequest request = ForeignOrder.of(order, worker.model().name(), exchange.standing());
        return answers.add(request.context().id(), ForeignAnswer.begin(worker::generate, request));
    }

    private void embed(Exchange exchange) throws IOException {
        exchange.message();
        exchange.reply(200, ForeignAnswer.error(
                new Failure.Unsupported("input", "this worker makes no embeddings; ask one that does")).json());
    }

    private void count(Exchange exchange) throws IOException {
        Fields fields = exchange.order();
        String prompt = fields.text("prompt");
        try {
            int count = residents.meant(fields.text("model", "")).countTokens(ForeignOrder.input(prompt, exchange.standing()));
            exchange.reply(200, Json.object().put("count", count).put("error_code", FastChatErrors.NONE));
        } catch (RequestException e) {
            exchange.reply(200, Json.object().put("count", 0).put("error_code", FastChatErrors.code(e.failure()))
                    .put("text", e.failure().message()));
        }
    }

    private void details(Exchange exchange) throws IOException {
        Worker worker = residents.meant(exchange.message().text("model", ""));
        exchange.reply(200, Json.object().put("context_length", worker.model().contextTokens()));
    }
}
