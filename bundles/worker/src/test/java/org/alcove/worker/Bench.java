package org.alcove.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.alcove.api.conversation.Message;
import org.alcove.api.worker.Failure;
import org.alcove.api.worker.GenerateRequest;
import org.alcove.api.worker.GenerateRequest.Limits;
import org.alcove.api.worker.GenerateRequest.Logprobs;
import org.alcove.api.worker.Generation;
import org.alcove.api.worker.GenerationEvent;
import org.alcove.api.worker.RequestContext;
import org.alcove.api.worker.RequestException;
import org.alcove.api.worker.SamplingParameters;

/** A loaded model with doubles around it. */
final class Bench {

    static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

    final FakeEngine engine = new FakeEngine();
    final FakeTokenizer tokenizer = new FakeTokenizer();
    final TemplateRegistry templates = new TemplateRegistry();
    final Admission admission = new Admission(2, 1, () -> this.now);
    volatile Instant now = NOW;
    final LoadedModel model = model(admission, FakeModelFile.BARE);

    LoadedModel model(Admission places, FakeModelFile file) {
        return model(places, file, Duration.ZERO);
    }

    /** @param grace how long conversations wait for a template that went away */
    LoadedModel model(Admission places, FakeModelFile file, Duration grace) {
        PromptWriter prompts = new PromptWriter(templates, file, tokenizer, new PromptWriter.Configured("", "", grace));
        return new LoadedModel("local-fake", engine, tokenizer, prompts, places, () -> now);
    }

    static GenerateRequest request(GenerateRequest.Input input, Limits limits) {
        return new GenerateRequest("fake", RequestContext.named("r"), input, SamplingParameters.PLAIN.withSeed(5), limits,
                Logprobs.NONE);
    }

    static GenerateRequest request(Limits limits) {
        return request(new GenerateRequest.Text("hi"), limits);
    }

    static GenerateRequest with(GenerateRequest request, RequestContext context) {
        return new GenerateRequest(request.model(), context, request.input(), request.sampling(), request.limits(),
                request.logprobs());
    }

    static GenerateRequest with(GenerateRequest request, SamplingParameters sampling, Logprobs logprobs) {
        return new GenerateRequest(request.model(), request.context(), request.input(), sampling, request.limits(), logprobs);
    }

    static GenerateRequest.Chat chat(String text) {
        return new GenerateRequest.Chat(List.of(new Message(Message.Role.USER, text)), Map.of());
    }

    static Limits stops(String... stops) {
        return new Limits(0, List.of(stops), List.of(), 0, false);
    }

    List<GenerationEvent> events(GenerateRequest request) {
        try (Generation generation = model.generate(request)) {
            return rest(generation);
        }
    }

    static List<GenerationEvent> rest(Generation generation) {
        List<GenerationEvent> events = new ArrayList<>();
        try {
            for (GenerationEvent event = generation.next(); event != null; event = generation.next()) {
                events.add(event);
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        return events;
    }

    static String text(List<GenerationEvent> events) {
        StringBuilder text = new StringBuilder();
        for (GenerationEvent event : events) {
            if (event instanceof GenerationEvent.Delta delta) {
                text.append(delta.text());
            }
        }
        return text.toString();
    }

    static GenerationEvent.Finished finished(List<GenerationEvent> events) {
        return assertInstanceOf(GenerationEvent.Finished.class, events.getLast());
    }

    static Failure failure(List<GenerationEvent> events) {
        return assertInstanceOf(GenerationEvent.Failed.class, events.getLast()).failure();
    }

    <T extends Failure> T refusal(Class<T> kind, GenerateRequest request) {
        return refusal(model::generate, kind, request);
    }

    <T extends Failure> T refusal(Consumer<GenerateRequest> asked, Class<T> kind, GenerateRequest request) {
        T failure = assertInstanceOf(kind, assertThrows(RequestException.class, () -> asked.accept(request)).failure());
        assertNothingLeft();
        return failure;
    }

    void assertNothingLeft() {
        assertEquals(0, admission.count(), "places taken");
        assertEquals(0, engine.open.get(), "streams open");
    }
}
