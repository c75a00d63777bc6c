package org.alcove.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.alcove.api.worker.GenerateRequest;
import org.alcove.api.worker.GenerateRequest.Limits;
import org.alcove.api.worker.GenerateRequest.Logprobs;
import org.alcove.api.worker.GenerationEvent;
import org.alcove.api.worker.RequestContext;
import org.alcove.api.worker.SamplingParameters;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The worker over the real engine, tokenizer and weights. */
class StoriesTest {

    private static Path folder;
    private static LoadedModel model;

    @BeforeAll
    static void load() throws IOException {
        folder = Stories.folder();
        model = Stories.load("w");
    }

    @AfterAll
    static void free() {
        if (model != null) {
            assertEquals(0, model.admission().count());
            model.engine().close();
        }
    }

    private static GenerateRequest request(String prompt, SamplingParameters sampling, Limits limits) {
        return new GenerateRequest("stories260K", RequestContext.named("r"), new GenerateRequest.Text(prompt), sampling, limits,
                Logprobs.NONE);
    }

    @Test
    void everyGreedyTextIsTheOneThatIsGiven() throws IOException {
        int compared = 0;
        for (JsonNode given : new ObjectMapper().readTree(folder.resolve("greedy.json").toFile())) {
            List<GenerationEvent> events = Bench.rest(model.generate(request(given.get("prompt").asText(),
                    SamplingParameters.GREEDY, Limits.tokens(given.get("max_tokens").asInt()))));
            assertEquals(given.get("greedy").asText(), Bench.text(events));
            compared++;
        }
        assertTrue(compared > 0);
    }

    @Test
    void aStopStringEndsTheStory() {
        List<GenerationEvent> events = Bench.rest(model.generate(
                request("Lily and Tom went to the park", SamplingParameters.GREEDY, Bench.stops("wanted to", "never there"))));
        assertEquals(". They saw a big box with a big box. They ", Bench.text(events));
        assertEquals(GenerationEvent.Reason.STOP, Bench.finished(events).reason());
    }

    @Test
    void aPromptThatFillsTheContextIsReadWithAndWithoutItsScores() {
        int context = model.engine().contextTokens();
        GenerateRequest full = Bench.request(new GenerateRequest.Tokens(Collections.nCopies(context, 300)),
                Limits.tokens(Limits.NOTHING));
        assertEquals(new GenerationEvent.Usage(context, 0, 0), Bench.finished(Bench.rest(model.generate(full))).usage());
        List<GenerationEvent> events = Bench.rest(model.generate(Bench.with(full, SamplingParameters.GREEDY,
                new Logprobs(1, true))));
        assertEquals(context, assertInstanceOf(GenerationEvent.PromptScored.class, events.get(1)).tokens().size());
        assertEquals(0, Bench.finished(events).usage().completionTokens());
        assertEquals(GenerationEvent.Reason.LENGTH, Bench.finished(events).reason());
    }

    /** The model writes a comma after its first token. */
    @Test
    void noStopStringEndsAStoryBeforeSoManyTokens() {
        List<GenerationEvent> events = Bench.rest(model.generate(request("Once upon a time", SamplingParameters.GREEDY,
                new Limits(30, List.of(","), List.of(), 30, false))));
        assertEquals(30, Bench.finished(events).usage().completionTokens());
    }

    @Test
    void aStoryGoesOnFromEveryPlaceWithTheSameText() {
        SamplingParameters sampling = new SamplingParameters(0.9f, 40, 0.95f, 0, 1.1f, 0.1f, 0.1f, Map.of(),
                OptionalLong.empty());
        GenerateRequest request = request("Once upon a time", sampling, new Limits(40, List.of("THE END"), List.of(), 5, false));
        List<GenerationEvent> whole = Bench.rest(model.generate(request));
        for (int cut = 1; cut < whole.size(); cut++) {
            if (whole.get(cut) instanceof GenerationEvent.Delta delta && delta.resume().isPresent()) {
                RequestContext context = RequestContext.named("r").withResume(delta.resume().get());
                List<GenerationEvent> rest = Bench.rest(model.generate(Bench.with(request, context)));
                assertEquals(Bench.text(whole), Bench.text(whole.subList(0, cut + 1)) + Bench.text(rest), "cut after " + cut);
            }
        }
    }
}
