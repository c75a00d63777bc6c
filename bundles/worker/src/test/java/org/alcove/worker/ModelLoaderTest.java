package org.alcove.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import org.alcove.api.conversation.Conversation;
import org.alcove.api.conversation.Prompt;
import org.alcove.api.conversation.PromptPiece;
import org.alcove.api.worker.GenerateRequest.Limits;
import org.alcove.api.worker.Generation;
import org.alcove.api.worker.SamplingDefaults;
import org.alcove.api.worker.Worker;
import org.alcove.api.worker.WorkerStatus.State;
import org.alcove.ranked.Origin;
import org.alcove.weights.KernelUnavailableException;
import org.alcove.weights.ModelFormatException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.osgi.service.condition.Condition;

class ModelLoaderTest extends LoaderFixture {

    @Test
    void aLoadedModelRehearsesWithoutASequenceOnceTheProcessAnswers() throws InterruptedException {
        BlockingQueue<Conversation> rendered = new LinkedBlockingQueue<>();
        templates.add("jinja", conversation -> {
            rendered.add(conversation);
            return new Prompt(List.of(PromptPiece.content("hi")), List.of(), Set.of());
        }, new Origin(1, 0, "b"));
        recommending = FakeModelFile.WITH_TEMPLATE;
        ModelLoader early = loader("/models/fake.gguf", 10);
        assertEquals(State.READY, awaitOther(State.STARTING));
        early.stop();
        ModelLoader loader = loader("/models/fake.gguf", 10);
        assertEquals(State.READY, awaitOther(State.STARTING));
        assertEquals(0, engine.rehearsals.get(), "before the process answers");
        rehearsals.begin(Condition.INSTANCE);
        assertEquals(1, rendered.take().messages().size());
        loader.stop();
        ModelLoader late = loader("/models/fake.gguf", 10);
        assertEquals(1, rendered.take().messages().size());
        assertEquals(2, engine.rehearsals.get(), "not of the model that had gone before the process answered");
        assertEquals(List.of(), engine.submitted);
        late.stop();
    }

    @Test
    void aModelIsThereFromTheBeginningAndReadyWhenItIsLoaded() throws InterruptedException {
        CountDownLatch hold = new CountDownLatch(1);
        openings.add(() -> await(hold));
        ModelLoader loader = loader("/models/fake.gguf", 10);
        assertEquals(State.STARTING, registered.get().status().state());
        hold.countDown();
        assertEquals(State.READY, awaitOther(State.STARTING));
        assertEquals("fake", registered.get().model().name());
        assertEquals(100, registered.get().model().contextTokens());
        assertEquals("EngineSettings[contextTokens=1, kvTokens=2, threads=3, maxSequences=4, stepMillis=6, maxTokensPerSecond=9, "
                + "readTimeout=PT7S, swapGrace=PT8S, kvType=F16, prefixCache=false]", settings.get().toString());
        loader.stop();
        assertTrue(engine.closed);
    }

    /** The loader is configured with {@code sampling_top_k} 40. */
    @Test
    void theConfigurationsSamplingComesBeforeTheModelsOwn() throws InterruptedException {
        recommending = new FakeModelFile(Map.of("general.sampling.temp", (double) 0.6f, "general.sampling.top_k", 20.0,
                "general.sampling.min_p", 7.0));
        ModelLoader loader = loader("/models/fake.gguf", 10);
        assertEquals(State.READY, awaitOther(State.STARTING));
        assertEquals(new SamplingDefaults(OptionalDouble.of(0.6), OptionalInt.of(40), OptionalDouble.empty(),
                OptionalDouble.empty(), OptionalDouble.empty()), registered.get().model().sampling());
        loader.stop();
    }

    @Test
    void withoutAPathNothingIsServed() throws InterruptedException {
        ModelLoader loader = loader("  ", 10);
        assertNull(registered.get());
        loader.stop();
    }

    @Test
    void aModelThatCannotBeLoadedSaysWhy() throws InterruptedException {
        damage = new ModelFormatException("fake.gguf: tensor x is missing");
        ModelLoader loader = loader("/models/fake.gguf", 10);
        assertEquals(State.FAILED, awaitOther(State.STARTING));
        assertTrue(registered.get().status().reason().contains("tensor x is missing"));
        loader.stop();
        assertNull(registered.get());
    }

    @ParameterizedTest
    @ValueSource(strings = {"kv_type=f61", "prefix_cache=yes", "context_tokens=abc",
        "context_tokens=-1", "kv_tokens=9999999999", "threads=-1",
        "threads=4097", "max_running=0", "max_running=1.5", "max_waiting=-1", "step_millis=0", "max_tokens_per_second=-1",
        "read_timeout_seconds=0", "swap_grace_seconds=-1", "drain_seconds=-1", "sampling_temperature=NaN",
        "sampling_temperature=-2", "sampling_top_k=-2", "sampling_top_p=1.5", "sampling_repetition_penalty=0"})
    void aValueThatCannotBeSaysWhereItStandsAndLeavesNothingBehind(String line) throws InterruptedException {
        String[] pair = line.split("=");
        given.put(pair[0], pair[1]);
        ModelLoader loader = loader("/models/fake.gguf", 10);
        assertEquals(State.FAILED, awaitOther(State.STARTING));
        String reason = registered.get().status().reason();
        assertTrue(reason.contains(pair[0] + " in org.alcove.worker.model~default is \"" + pair[1] + "\"; "), reason);
        loader.stop();
        assertNull(registered.get());
        assertEquals("local-fake", ids.take("fake"), "the id is free again");
    }

    @Test
    void anEngineThatCannotBeMadeLeavesNoWeightsOpen() throws InterruptedException {
        openings.add(() -> {
            throw new OutOfMemoryError("no room for the KV cache");
        });
        ModelLoader loader = loader("/models/fake.gguf", 10);
        assertEquals(State.FAILED, awaitOther(State.STARTING));
        assertTrue(registered.get().status().reason().contains("no room"));
        loader.stop();
        assertEquals(0, openWeights.get());
    }

    @Test
    void aKernelThatGoesAgainWhileTheEngineIsMadeIsAwaitedAgain() throws InterruptedException {
        openings.add(() -> {
            throw new KernelUnavailableException("sym_int4", "none");
        });
        ModelLoader loader = loader("/models/fake.gguf", 10);
        assertEquals(State.READY, awaitOther(State.STARTING));
        loader.stop();
    }

    @Test
    void loadingIsGivenUpWhenItIsNoLongerWanted() throws InterruptedException {
        kernels.acquire();
        ModelLoader loader = loader("/models/fake.gguf", 10);
        loader.stop();
        assertEquals(0, openWeights.get());
        assertNull(settings.get());
        assertEquals("local-fake", ids.take("fake"), "the id is free again");
    }

    @Test
    void runningAnswersEndBeforeTheModelIsFreed() throws Exception {
        ModelLoader loader = loader("/models/fake.gguf", 60);
        assertEquals(State.READY, awaitOther(State.STARTING));
        Worker worker = registered.get();
        Generation generation = worker.generate(Bench.request(Limits.tokens(3)));
        Thread stopping = Thread.startVirtualThread(() -> {
            try {
                loader.stop();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        assertEquals(State.DRAINING, awaitOther(State.READY));
        assertFalse(engine.closed);
        assertEquals("abc", Bench.text(Bench.rest(generation)));
        assertTrue(stopping.join(Duration.ofSeconds(60)));
        assertTrue(engine.closed);
    }

    @Test
    void afterTheLimitTheModelIsFreedThoughSomebodyReads() throws Exception {
        ModelLoader loader = loader("/models/fake.gguf", 0);
        assertEquals(State.READY, awaitOther(State.STARTING));
        Generation generation = registered.get().generate(Bench.request(Limits.tokens(3)));
        loader.stop();
        assertTrue(engine.closed);
        generation.close();
    }

    @Test
    void twoModelsOfOneNameHaveTwoIds() {
        assertEquals("local-m", ids.take("m"));
        assertEquals("local-m-2", ids.take("m"));
        ids.giveBack("local-m");
        assertEquals("local-m", ids.take("m"));
    }
}
