package org.alcove.openai;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.alcove.api.control.Controller;
import org.alcove.api.worker.GenerateRequest;
import org.alcove.api.worker.GenerationEvent;
import org.alcove.api.worker.ModelCard;
import org.alcove.api.worker.RequestException;
import org.alcove.api.worker.SamplingDefaults;
import org.alcove.api.worker.WorkerStatus;
import org.alcove.web.stopping.ClosedException;
import org.alcove.web.stopping.InFlight;

/** {@code POST /v1/chat/completions} and {@code POST /v1/completions}: one path each, told apart by fields and shape. */
final class AnswerEndpoint implements Endpoint {

    private final Controller controller;
    private final LoadableModels loadable;
    private final InFlight inFlight;
    private final AnswerShape shape;
    private final Function<Value, Draft> fields;
    private final JsonBody bodies = new JsonBody();

    private AnswerEndpoint(Controller controller, LoadableModels loadable, InFlight inFlight, AnswerShape shape,
            Function<Value, Draft> fields) {
        this.controller = controller;
        this.loadable = loadable;
        this.inFlight = inFlight;
        this.shape = shape;
        this.fields = fields;
    }

    static AnswerEndpoint chat(Controller controller, LoadableModels loadable, InFlight inFlight) {
        FieldTable<Draft> table = ChatFields.table();
        return new AnswerEndpoint(controller, loadable, inFlight, new ChatShape(), body -> ChatFields.read(table, body));
    }

    static AnswerEndpoint completions(Controller controller, LoadableModels loadable, InFlight inFlight) {
        FieldTable<Draft> table = CompletionFields.table();
        return new AnswerEndpoint(controller, loadable, inFlight, new CompletionShape(),
                body -> CompletionFields.read(table, body));
    }

    @Override
    public String methods() {
        return "POST";
    }

    @Override
    public void serve(Exchange exchange, String rest) throws IOException, InterruptedException {
        Draft draft = fields.apply(bodies.read(exchange.request(), exchange.settings().maxBodyBytes()));
        exchange.pass().requireModel(draft.model);
        // Who has no tokens left makes no model be loaded, and no other one make room for it.
        exchange.pass().requireTokens();
        LoadWait wait = new LoadWait(exchange);
        inFlight.add(wait);
        try {
            if (controller.workers().stream().noneMatch(worker -> worker.state() == WorkerStatus.State.READY
                    && worker.models().contains(draft.model))) {
                loadable.await(draft.model, since -> {
                    inFlight.requireOpen();
                    if (draft.stream) {
                        wait.waited(since);
                    }
                });
            }
            answer(exchange, draft, wait);
        } catch (ClosedException closed) {
            wait.fail(new ApiException(ApiError.closing(closed.getMessage())));
        } catch (RequestException refused) {
            wait.fail(new ApiException(ApiError.of(refused.failure())));
        } catch (ApiException refused) {
            wait.fail(refused);
        } finally {
            inFlight.remove(wait);
        }
    }

    private void answer(Exchange exchange, Draft draft, LoadWait wait) throws IOException, InterruptedException {
        Optional<ModelCard> card = controller.models().stream().filter(it -> it.name().equals(draft.model)).findFirst();
        card.ifPresent(draft::checkIds);
        // A worker that has just loaded its model may not yet have shown its card; the header of the file says the same.
        SamplingDefaults defaults = card.map(ModelCard::sampling).or(() -> loadable.sampling(draft.model))
                .orElse(SamplingDefaults.NONE);
        List<GenerateRequest> requests = draft.requests(exchange.context(), defaults);
        Answer answer = new Answer(shape, draft, requests, exchange);
        try (Charge charge = exchange.pass().charge(draft.inputs, draft.choices);
                ParallelChoices choices = new ParallelChoices(controller, requests, charge)) {
            inFlight.add(choices);
            try {
                start(draft, choices);
                if (draft.stream) {
                    stream(wait, draft, answer, choices);
                } else {
                    whole(exchange, answer, choices);
                }
            } finally {
                inFlight.remove(choices);
            }
        }
    }

    private static void start(Draft draft, ParallelChoices choices) {
        try {
            choices.start();
        } catch (RequestException refused) {
            throw draft.refused(choices.admitted(), refused.failure());
        }
    }

    private static void stream(LoadWait wait, Draft draft, Answer answer, ParallelChoices choices)
            throws IOException, InterruptedException {
        PingClock clock = wait.clock();
        ParallelChoices.Event event = choices.next(clock.left());
        if (event != null && event.event() instanceof GenerationEvent.Failed failed) {
            throw draft.refused(event.choice(), failed.failure());
        }
        EventStream stream = wait.stream();
        LineWatch line = new LineWatch(choices);
        try {
            while (!write(stream, answer, event, choices)) {
                line.look(stream, event);
                if (choices.idle()) {
                    stream.flush();
                }
                if (clock.due()) {
                    stream.ping();
                }
                event = choices.next(line.within(clock.left()));
            }
            if (draft.includeUsage()) {
                stream.event(answer.usageChunk());
            }
            stream.done();
        } catch (ApiException failed) {
            stream.event(failed.error().json());
            stream.flush();
        }
    }

    /** Writes what an event has to tell; whether that was the last of them. */
    private static boolean write(EventStream stream, Answer answer, ParallelChoices.Event event, ParallelChoices choices)
            throws IOException {
        if (event != null) {
            for (ObjectNode news : answer.take(event.choice(), event.event())) {
                stream.event(answer.chunk(news));
            }
        }
        return choices.ended();
    }

    /**
     * A client that waits long gets white space, which JSON allows before a value: so it does not time out, and its going away is
     * noticed. From then on the status is told; a failure after it is written as an error object and the response is cut off,
     * so that nobody takes it for an answer.
     */
    private static void whole(Exchange exchange, Answer answer, ParallelChoices choices)
            throws IOException, InterruptedException {
        PingClock clock = new PingClock(exchange.settings().ping());
        OutputStream begun = null;
        while (!choices.ended()) {
            ParallelChoices.Event event = choices.next(clock.left());
            if (event != null) {
                answer.take(event.choice(), event.event());
            }
            if (clock.due() && !choices.ended()) {
                begun = begun == null ? begin(exchange) : begun;
                begun.write('\n');
                begun.flush();
                clock.heard();
            }
        }
        if (begun == null) {
            exchange.answer(200, answer.whole());
        } else {
            begun.write(Exchange.bytes(answer.whole()));
            begun.flush();
        }
    }

    private static OutputStream begin(Exchange exchange) throws IOException {
        exchange.begin(200, "application/json");
        return exchange.response().getOutputStream();
    }
}
