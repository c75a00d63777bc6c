package org.alcove.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.alcove.api.control.Models;
import org.alcove.api.conversation.Prompt;
import org.alcove.api.conversation.PromptPiece;
import org.alcove.api.worker.Failure;
import org.alcove.api.worker.GenerateRequest;
import org.alcove.api.worker.GenerateRequest.Limits;
import org.alcove.api.worker.Generation;
import org.alcove.api.worker.GenerationEvent;
import org.alcove.api.worker.ModelCard;
import org.alcove.api.worker.RequestException;
import org.alcove.api.worker.SealedDoor;
import org.alcove.api.worker.WorkerStatus;
import org.alcove.api.worker.WorkerStatus.State;
import org.alcove.engine.EngineStatus;
import org.alcove.engine.SequenceRequest;
import org.alcove.ranked.Origin;
import org.junit.jupiter.api.Test;

class ModelWorkerTest {

    private final Bench bench = new Bench();
    private final ModelWorker worker = new ModelWorker("local-fake", "fake", Duration.ZERO, new SealedEntrance());

    private static ModelWorker.Phase loaded(LoadedModel model) {
        return new ModelWorker.Phase.Loaded(model,
                new ModelCard("fake", "llama", 100, 259, "f32", "", "print-1", Instant.EPOCH));
    }

    private void load(LoadedModel model) {
        worker.enter(loaded(model));
    }

    private String refusal() {
        return assertInstanceOf(Failure.Unavailable.class, assertThrows(RequestException.class,
                () -> worker.generate(Bench.request(Limits.tokens(1)))).failure()).message();
    }

    @Test
    void fromTheBeginningItSaysThatItIsLoading() {
        assertEquals(State.STARTING, worker.status().state());
        assertEquals(List.of("fake"), worker.status().models());
        assertTrue(worker.status().speed() > 0);
        assertEquals(0, worker.model().contextTokens());
        assertTrue(refusal().contains("its model is being loaded"));
    }

    @Test
    void aModelThatCouldNotBeLoadedSaysWhy() {
        worker.enter(new ModelWorker.Phase.Broken("tensor x is missing"));
        assertEquals(State.FAILED, worker.status().state());
        assertEquals("tensor x is missing", worker.status().reason());
        assertTrue(refusal().contains("tensor x is missing"));
    }

    @Test
    void aReadyWorkerGivesTheFiguresOfItsEngine() {
        load(bench.model);
        bench.engine.status = new EngineStatus(2, 1, 8, 5, 123.5, 1000, 200, 3, System.nanoTime() - 7_000_000_000L, "");
        Generation generation = worker.generate(Bench.request(Limits.tokens(1)));
        WorkerStatus status = worker.status();
        assertEquals(State.READY, status.state());
        assertEquals("", status.reason());
        assertEquals(123.5, status.speed());
        assertEquals(1, status.queueLength());
        assertEquals(new WorkerStatus.Load(2, 1, 8, 5, 1000, 200, 3), status.load());
        assertEquals(new WorkerStatus.Computing("one thread", "fake", 1000, 80), status.computing());
        Duration silence = Duration.between(status.lastBeat(), Instant.now());
        assertTrue(silence.toSeconds() >= 7 && silence.toSeconds() < 60, silence.toString());
        generation.close();
        assertEquals(0, worker.status().queueLength());
    }

    @Test
    void aMissingKernelPausesItAndIsNamed() {
        load(bench.model);
        bench.engine.status = new EngineStatus(0, 0, 8, 0, 0, 0, 0, 0, System.nanoTime(), "sym_int4");
        assertEquals(State.PAUSED, worker.status().state());
        assertTrue(worker.status().reason().contains("sym_int4"));
        assertTrue(refusal().contains("sym_int4"));
        assertTrue(worker.status().speed() > 0, "unmeasured");
    }

    private void install(long id) {
        bench.templates.add("jinja", conversation -> new Prompt(List.of(PromptPiece.content("hi")), List.of(), Set.of()),
                new Origin(id, 0, "b"));
    }

    @Test
    void aMissingTemplateIsToldAndHindersConversationsAlone() {
        load(bench.model(bench.admission, FakeModelFile.WITH_TEMPLATE));
        assertEquals(State.READY, worker.status().state());
        assertEquals("it takes no conversations, for the conversation template jinja (the model's own) is not installed;"
                + " installed: none", worker.status().reason());
        assertEquals("jinja (the model's own; not installed)", worker.model().template());
        worker.generate(Bench.request(Limits.tokens(1))).close();
        GenerateRequest chat = Bench.request(Bench.chat("x"), Limits.tokens(1));
        assertTrue(bench.refusal(worker::generate, Failure.Unavailable.class, chat).message().contains("jinja"));
        install(1);
        assertEquals(State.READY, worker.status().state());
        assertEquals("", worker.status().reason());
        assertEquals("jinja (the model's own)", worker.model().template());
        worker.generate(chat).close();
    }

    @Test
    void aConversationWaitsForATemplateThatIsReplacedAndCompletionsDoNot() throws Exception {
        install(1);
        load(bench.model(bench.admission, FakeModelFile.WITH_TEMPLATE, Duration.ofSeconds(60)));
        bench.templates.remove(1);
        CompletableFuture<Generation> chat = CompletableFuture.supplyAsync(
                () -> worker.generate(Bench.request(Bench.chat("x"), Limits.tokens(1))));
        while (bench.admission.count() == 0 && !chat.isDone()) {
            Thread.onSpinWait();
        }
        assertEquals("a", Bench.text(Bench.rest(worker.generate(Bench.request(Limits.tokens(1))))));
        assertFalse(chat.isDone());
        install(2);
        assertEquals("a", Bench.text(Bench.rest(chat.get(30, TimeUnit.SECONDS))));
        bench.assertNothingLeft();
    }

    @Test
    void whileItDrainsOnlyThoseInsideGoOn() throws InterruptedException {
        ModelWorker patient = new ModelWorker("local-fake", "fake", Duration.ofSeconds(60), new SealedEntrance());
        patient.enter(loaded(bench.model));
        bench.engine.write("ab");
        Generation generation = patient.generate(Bench.request(Limits.tokens(0)));
        patient.drain();
        patient.drain();
        assertEquals(State.DRAINING, patient.status().state());
        assertEquals("it was told to drain", patient.status().reason());
        assertInstanceOf(Failure.Unavailable.class, assertThrows(RequestException.class,
                () -> patient.generate(Bench.request(Limits.tokens(1)))).failure());
        assertEquals("ab", Bench.text(Bench.rest(generation)));
        patient.reopen();
        assertEquals(State.READY, patient.status().state());
        assertEquals("ab", Bench.text(Bench.rest(patient.generate(Bench.request(Limits.tokens(0))))));
    }

    @Test
    void whatIsNotWholeWhenTheTimeIsUpIsHandedOverWithAState() throws InterruptedException {
        load(bench.model);
        Generation generation = worker.generate(Bench.request(Limits.tokens(9)));
        generation.next();
        GenerationEvent.Delta first = assertInstanceOf(GenerationEvent.Delta.class, generation.next());
        assertTrue(first.resume().isPresent());
        worker.leave();
        List<GenerationEvent> rest = Bench.rest(generation);
        assertEquals("worker local-fake drains, and there was no more time for this answer",
                assertInstanceOf(Failure.Unavailable.class, Bench.failure(rest)).message());
        assertEquals(1, rest.size());
        bench.assertNothingLeft();
        worker.reopen();
        assertTrue(refusal().contains("taken away"), "a worker that leaves is not reopened");
    }

    @Test
    void aDrainThatIsToldHandsOverByItself() throws Exception {
        load(bench.model);
        Generation generation = worker.generate(Bench.request(Limits.tokens(9)));
        worker.drain();
        assertTrue(bench.admission.awaitEmpty(Duration.ofSeconds(30)));
        assertInstanceOf(Failure.Unavailable.class, Bench.failure(Bench.rest(generation)));
        bench.assertNothingLeft();
    }

    @Test
    void aReaderThatWaitsIsToldOfTheHandOver() throws Exception {
        load(bench.model);
        CountDownLatch waits = new CountDownLatch(1);
        bench.engine.blockAt = 2;
        bench.engine.onBlock = waits::countDown;
        Generation generation = worker.generate(Bench.request(Limits.tokens(9)));
        CompletableFuture<List<GenerationEvent>> read = CompletableFuture.supplyAsync(() -> Bench.rest(generation));
        assertTrue(waits.await(30, TimeUnit.SECONDS));
        worker.drain();
        List<GenerationEvent> events = read.get(30, TimeUnit.SECONDS);
        assertEquals("ab", Bench.text(events));
        assertInstanceOf(Failure.Unavailable.class, Bench.failure(events));
    }

    @Test
    void aModelThatIsLoadedWhileItsWorkerDrainsTakesNothing() {
        worker.drain();
        assertEquals(State.STARTING, worker.status().state());
        load(bench.model);
        assertEquals(State.DRAINING, worker.status().state());
        assertThrows(RequestException.class, () -> worker.generate(Bench.request(Limits.tokens(1))));
        worker.reopen();
        assertEquals(State.READY, worker.status().state());
        worker.generate(Bench.request(Limits.tokens(1))).close();
    }

    @Test
    void theNameOfAModelIsThatOfItsFile() {
        assertEquals("stories260K", Models.nameOf(Path.of("/models/stories260K.gguf")));
        assertEquals("big", Models.nameOf(Path.of("big-00001-of-00003.gguf")));
        assertEquals("Qwen2.5-0.5B", Models.nameOf(Path.of("/models/Qwen2.5-0.5B/")));
        assertEquals("model", Models.nameOf(Path.of("/")));
    }

    @Test
    void aSealedRequestGoesToTheDoorAndIsRefusedWithoutOne() {
        GenerateRequest plain = Bench.request(Limits.tokens(1));
        GenerateRequest sealed = Bench.with(plain, plain.context().withSealedBody(new byte[] {1}));
        SealedDoor door = new SealedDoor() {
            @Override
            public byte[] evidence(byte[] nonce) {
                return nonce;
            }

            @Override
            public Generation generate(GenerateRequest request, Function<GenerateRequest, Generation> worker) {
                return worker.apply(plain);
            }
        };
        ModelWorker open = new ModelWorker("local-fake", "fake", Duration.ZERO, new SealedEntrance(door));
        open.enter(loaded(bench.model));
        open.generate(sealed).close();
        assertEquals(1, open.evidence(new byte[1]).length);
        open.generate(sealed).close();
        open.generate(plain).close();
        open.generate(plain).close();
        List<String> owners = bench.engine.submitted.stream().map(SequenceRequest::owner).toList();
        assertEquals(3, Set.copyOf(owners).size(), "what was sealed shares with nobody: " + owners);
        assertEquals(owners.get(2), owners.get(3));
        load(bench.model);
        Failure refused = assertThrows(RequestException.class, () -> worker.generate(sealed)).failure();
        assertInstanceOf(Failure.Unsupported.class, refused);
        assertThrows(RequestException.class, () -> worker.evidence(new byte[32]));
    }
}
