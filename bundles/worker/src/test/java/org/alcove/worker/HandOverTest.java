package org.alcove.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.alcove.api.control.Controller;
import org.alcove.api.worker.Failure;
import org.alcove.api.worker.GenerateRequest;
import org.alcove.api.worker.GenerateRequest.Limits;
import org.alcove.api.worker.GenerateRequest.Logprobs;
import org.alcove.api.worker.Generation;
import org.alcove.api.worker.GenerationEvent;
import org.alcove.api.worker.ModelCard;
import org.alcove.api.worker.RequestContext;
import org.alcove.api.worker.SamplingParameters;
import org.alcove.api.worker.Worker;
import org.alcove.api.worker.WorkerStatus;
import org.alcove.core.Relay;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Answers of the real engine that lose their worker, wherever that happens. */
class HandOverTest {

    private static final SamplingParameters LIVELY = new SamplingParameters(0.9f, 40, 0.95f, 0, 1.1f, 0.1f, 0.1f, Map.of(),
            OptionalLong.empty());

    private static ModelWorker first;
    private static ModelWorker second;
    private static LoadedModel one;
    private static LoadedModel other;

    @BeforeAll
    static void load() throws IOException {
        one = Stories.load("first");
        other = Stories.load("second");
        first = worker("first", one);
        second = worker("second", other);
    }

    private static ModelWorker worker(String id, LoadedModel model) {
        ModelWorker worker = new ModelWorker(id, "m", Duration.ZERO, new SealedEntrance());
        worker.enter(new ModelWorker.Phase.Loaded(model, new ModelCard("m", "llama", model.engine().contextTokens(),
                model.engine().vocabulary(), "f32", "", model.engine().fingerprint(), Instant.EPOCH)));
        return worker;
    }

    @AfterAll
    static void free() {
        Stream.of(one, other).filter(model -> model != null).forEach(model -> {
            assertEquals(0, model.admission().count());
            model.engine().close();
        });
    }

    /** A worker that is lost before its event of this number. */
    private record Cut(ModelWorker worker, int before, boolean drains) implements Worker {

        @Override
        public WorkerStatus status() {
            return worker.status();
        }

        @Override
        public ModelCard model() {
            return worker.model();
        }

        @Override
        public Generation generate(GenerateRequest request) {
            Generation whole = worker.generate(request);
            return new Generation() {
                private int events;

                @Override
                public GenerationEvent next() throws InterruptedException {
                    if (events++ != before) {
                        return whole.next();
                    }
                    if (drains) {
                        worker.drain();
                        GenerationEvent last = whole.next();
                        return last instanceof GenerationEvent.Finished ? new GenerationEvent.Failed(
                                new Failure.Unavailable(Duration.ofSeconds(1), "drains")) : last;
                    }
                    whole.close();
                    return null;
                }

                @Override
                public void close() {
                    whole.close();
                }
            };
        }
    }

    private static GenerateRequest request(SamplingParameters sampling, Limits limits, Logprobs logprobs) {
        return new GenerateRequest("m", RequestContext.named("r"), new GenerateRequest.Text("Once upon a time"), sampling, limits,
                logprobs);
    }

    /** Cuts an answer before each of its events, and compares what is read with the whole. */
    private static void assertWholeWhereverItIsCut(GenerateRequest request) {
        List<GenerationEvent> whole = Bench.rest(first.generate(request));
        for (int cut = 0; cut < whole.size(); cut++) {
            Controller controller = Relay.of(List.of(new Cut(first, cut, false), second));
            List<GenerationEvent> mended = Bench.rest(controller.generate(seeded(request, whole)));
            assertEquals(Bench.text(whole), Bench.text(mended), "cut before " + cut);
            assertEquals(tokens(whole), tokens(mended), "cut before " + cut);
            GenerationEvent.Finished end = assertInstanceOf(GenerationEvent.Finished.class, mended.getLast(), "cut " + cut);
            assertEquals(Bench.finished(whole).reason(), end.reason(), "cut before " + cut);
            assertEquals(Bench.finished(whole).usage().completionTokens(), end.usage().completionTokens());
            assertEquals(Bench.finished(whole).usage().promptTokens(), end.usage().promptTokens());
            assertEquals(1, mended.stream().filter(GenerationEvent.Started.class::isInstance).count());
            assertEquals(2, controller.dispatches().size(), "cut before " + cut);
        }
    }

    /** An answer without a seed is compared with one of the seed it had; where it was told, core must keep to it by itself. */
    private static GenerateRequest seeded(GenerateRequest request, List<GenerationEvent> whole) {
        return Bench.with(request, request.sampling().withSeed(((GenerationEvent.Started) whole.getFirst()).seed()),
                request.logprobs());
    }

    private static List<String> tokens(List<GenerationEvent> events) {
        return events.stream().flatMap(event -> switch (event) {
            case GenerationEvent.Delta delta -> delta.tokens().stream();
            case GenerationEvent.PromptScored scored -> scored.tokens().stream();
            default -> Stream.empty();
        }).map(token -> token.id() + " " + token.logprob() + " " + token.top().stream()
                .map(top -> top.id() + " " + top.logprob()).toList()).toList();
    }

    @Test
    void aGreedyAnswerIsTheSameWhereverItsWorkerIsLost() {
        assertWholeWhereverItIsCut(request(SamplingParameters.GREEDY, Limits.tokens(10), Logprobs.NONE));
    }

    @Test
    void aSampledAnswerIsTheSameWhereverItsWorkerIsLost() {
        assertWholeWhereverItIsCut(request(LIVELY, Limits.tokens(12), Logprobs.NONE));
    }

    @Test
    void textHeldBackForStopStringsIsToldOnce() {
        // "wa" may begin the first stop string and is held back; the second ends the answer; the third is held back at the end.
        for (String stop : List.of(" was never", " girl", ", there was a little")) {
            assertWholeWhereverItIsCut(request(SamplingParameters.GREEDY, new Limits(10, List.of(stop), List.of(), 0, false),
                    Logprobs.NONE));
        }
    }

    @Test
    void probabilitiesAreTheSameAndThoseOfThePromptAreToldOnce() {
        assertWholeWhereverItIsCut(request(SamplingParameters.GREEDY, Limits.tokens(6), new Logprobs(2, true)));
    }

    @Test
    void anUnseededAnswerGoesOnWithItsOwnSeed() throws InterruptedException {
        GenerateRequest request = request(LIVELY, Limits.tokens(12), Logprobs.NONE);
        for (int cut : new int[] {1, 2, 7}) {
            List<GenerationEvent> mended = Bench.rest(Relay.of(List.of(new Cut(first, cut, false), second)).generate(request));
            List<GenerationEvent> whole = Bench.rest(first.generate(seeded(request, mended)));
            assertEquals(Bench.text(whole), Bench.text(mended), "cut before " + cut);
        }
    }

    @Test
    void anAnswerThatIsHandedOverByAWorkerThatDrainsIsWhole() {
        GenerateRequest request = request(LIVELY.withSeed(7), Limits.tokens(12), Logprobs.NONE);
        List<GenerationEvent> whole = Bench.rest(first.generate(request));
        int handedOver = 0;
        for (int cut = 1; cut < 12; cut += 3) {
            Controller controller = Relay.of(List.of(new Cut(first, cut, true), second));
            assertEquals(Bench.text(whole), Bench.text(Bench.rest(controller.generate(request))), "cut before " + cut);
            handedOver += controller.dispatches().size() - 1;
            first.reopen();
        }
        // The last tokens may be there before the worker gets to hand over.
        assertTrue(handedOver > 0, "none went on elsewhere");
    }
}
