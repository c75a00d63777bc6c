package org.alcove.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Dictionary;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.alcove.api.control.Models;
import org.alcove.api.control.Models.State;
import org.alcove.api.worker.Failure;
import org.alcove.api.worker.GenerateRequest.Limits;
import org.alcove.api.worker.Generation;
import org.alcove.api.worker.RequestException;
import org.alcove.api.worker.SamplingDefaults;
import org.alcove.api.worker.WorkerStatus;
import org.alcove.engine.Engine;
import org.alcove.engine.EngineFactory;
import org.alcove.engine.EngineMemory;
import org.alcove.engine.EngineSettings;
import org.alcove.weights.ModelFile;
import org.alcove.weights.ModelFormatException;
import org.alcove.weights.WeightStore;
import org.alcove.weights.Weights;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each model takes 1100 bytes as predicted, and 1080 and its buffers of 20 when it is loaded. */
class ResidenceTest {

    private static final long BYTES = 1100;
    private static final Duration LONG = Duration.ofSeconds(30);

    @TempDir
    Path folder;

    private final AtomicInteger openings = new AtomicInteger();
    private final CountDownLatch goOn = new CountDownLatch(1);
    private final Map<String, Resident> residents = new HashMap<>();
    private final List<Dictionary<String, Object>> configured = new ArrayList<>();
    private volatile Instant now = Bench.NOW;
    private volatile boolean slow;
    private volatile boolean broken;
    private LoadingRooms rooms;
    private Residence residence;
    private LocalModels models;

    @BeforeEach
    void start() throws IOException {
        Files.createDirectories(folder.resolve("models"));
        EngineFactory engines = new EngineFactory() {
            @Override
            public Engine open(Weights weights, EngineSettings settings) throws ModelFormatException {
                openings.incrementAndGet();
                if (broken) {
                    throw new ModelFormatException("tensor x is missing");
                }
                if (slow) {
                    awaitQuietly();
                }
                return new FakeEngine();
            }

            @Override
            public EngineMemory predict(ModelFile file, EngineSettings settings) {
                return new EngineMemory(1000, 80, 20, 0);
            }
        };
        WeightStore store = proxy(WeightStore.class);
        rooms = new LoadingRooms(store, file -> new FakeTokenizer(), engines, new TemplateRegistry());
    }

    private void awaitQuietly() {
        try {
            goOn.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private <T> T proxy(Class<T> type) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (self, method, arguments) ->
                switch (method.getName()) {
                    case "open" -> proxy(Weights.class);
                    case "describe", "file" -> FakeModelFile.BARE;
                    case "awaitKernels" -> true;
                    case "bytes" -> 1L;
                    case "sealedBytes" -> OptionalLong.empty();
                    case "close" -> null;
                    default -> "f32";
                }));
    }

    private void house(long budget, boolean onDemand, long keepAlive) {
        residence = new Residence(new Residence.Rules(new MemoryBudget(budget), onDemand, LONG, keepAlive),
                new Forecast(rooms.store(), rooms.engines()), new Keepings(folder.resolve("kept")), () -> now, Optional.empty());
        models = new LocalModels(residence, new ModelFolder(folder.resolve("models")), configured::add);
    }

    private void enter(String... names) throws Exception {
        for (String name : names) {
            Path file = Files.writeString(folder.resolve(name + ".gguf"), name);
            Resident resident = new Resident(rooms, new ModelLoad.Order(file.toString(), "", name,
                    new PromptWriter.Configured("", ""), EngineSettings.DEFAULT, SamplingDefaults.NONE, 2, 1),
                    new ModelWorker("local-" + name, name, Duration.ZERO, new SealedEntrance()));
            residents.put(name, resident);
            residence.enter(resident);
            if (!slow) {
                settled(name);
            }
            now = now.plusSeconds(1);
        }
    }

    private State state(String name) {
        return models.named(name).orElseThrow().state();
    }

    /** How it stands once it is neither coming nor going. */
    private State settled(String name) throws InterruptedException {
        Models.Model model = models.named(name).orElseThrow();
        while (model.state() == State.LOADING || model.state() == State.UNLOADING) {
            model = models.await(model, LONG);
        }
        return model.state();
    }

    private Generation ask(String name) {
        return residents.get(name).worker().generate(Bench.request(Limits.tokens(3)));
    }

    private void use(String name) {
        ask(name).close();
        residence.look();
        now = now.plusSeconds(1);
    }

    private static Failure.Unavailable refusal(org.junit.jupiter.api.function.Executable deed) {
        return assertInstanceOf(Failure.Unavailable.class, assertThrows(RequestException.class, deed).failure());
    }

    @Test
    void theLeastRecentlyUsedGoesFirstAndComesBackWhenItIsAskedFor() throws Exception {
        house(2 * BYTES, true, -1);
        enter("a", "b", "c");
        assertEquals(State.UNLOADED, state("c"), "what comes by its configuration makes nobody go");
        use("a");
        models.demand("c");
        assertEquals(State.READY, settled("c"));
        assertEquals(State.UNLOADED, settled("b"));
        assertEquals(State.READY, state("a"));
        assertEquals(WorkerStatus.State.PAUSED, residents.get("b").worker().status().state());
        assertTrue(residents.get("b").worker().status().reason().contains("room for c"));
        assertEquals(2 * BYTES, models.budget().held());
        models.demand("b");
        assertEquals(State.READY, settled("b"));
        assertEquals(State.UNLOADED, settled("a"));
        assertEquals("abc", Bench.text(Bench.rest(ask("b"))));
    }

    @Test
    void aPinnedModelAndOneThatAnswersStayAndTheRefusalTellsBothNumbers() throws Exception {
        house(2 * BYTES, true, -1);
        enter("a", "b", "c");
        models.keep("a", new Models.Keeping(true, OptionalLong.empty()));
        try (Generation answer = ask("b")) {
            assertEquals(1, models.named("b").orElseThrow().answering());
            Failure.Unavailable refusal = refusal(() -> models.demand("c"));
            assertTrue(refusal.message().contains("needs 1 MB"), refusal.message());
            assertTrue(refusal.message().contains("of the budget of 1 MB only 0 MB can be had"), refusal.message());
            assertTrue(refusal.message().contains("local-a, local-b"), refusal.message());
            assertEquals(State.READY, state("a"));
            assertEquals(State.READY, state("b"));
        }
        models.demand("c");
        assertEquals(State.READY, settled("c"));
        assertEquals(State.UNLOADED, settled("b"));
        assertEquals(State.READY, state("a"));
    }

    @Test
    void manyWhoAskForOneModelLoadItOnce() throws Exception {
        house(BYTES, true, -1);
        slow = true;
        enter("a");
        for (int i = 0; i < 10; i++) {
            assertEquals(State.LOADING, models.demand("a").state());
        }
        goOn.countDown();
        assertEquals(State.READY, settled("a"));
        assertEquals(State.READY, models.demand("a").state());
        assertEquals(1, openings.get());
    }

    @Test
    void anIdleModelGoesAfterItsTimeAndAPinnedOneOrOneThatAnswersDoesNot() throws Exception {
        house(3 * BYTES, true, 100);
        enter("a", "b", "c");
        models.keep("b", new Models.Keeping(true, OptionalLong.empty()));
        models.keep("c", new Models.Keeping(false, OptionalLong.of(-1)));
        try (Generation answer = ask("a")) {
            now = now.plusSeconds(1000);
            residence.look();
            assertEquals(State.READY, state("a"));
        }
        now = now.plusSeconds(99);
        residence.look();
        assertEquals(State.READY, state("a"));
        now = now.plusSeconds(1);
        residence.look();
        assertEquals(State.UNLOADED, state("a"));
        assertEquals(State.READY, state("b"));
        assertEquals(State.READY, state("c"));
    }

    @Test
    void aModelThatIsNotKeptGoesAtOnceButNotBeforeItsFirstUse() throws Exception {
        house(BYTES, true, 0);
        enter("a");
        residence.look();
        assertEquals(State.READY, state("a"));
        use("a");
        assertEquals(State.UNLOADED, state("a"));
    }

    @Test
    void aFileOfTheFolderIsConfiguredWhenItIsAskedForAndMayTakeAPlace() throws Exception {
        house(BYTES, true, -1);
        enter("a");
        Files.writeString(folder.resolve("models/shelf.gguf"), "x");
        assertEquals(List.of("a", "shelf"), models.all().stream().map(Models.Model::name).toList());
        assertEquals(BYTES, models.all().get(1).predicted().orElseThrow().total());
        assertEquals(State.LOADING, models.demand("shelf").state());
        models.demand("shelf");
        assertEquals(1, configured.size());
        assertEquals("shelf", configured.getFirst().get("name"));
        enter("shelf");
        assertEquals(State.READY, settled("shelf"));
        assertEquals(State.UNLOADED, settled("a"));
        assertInstanceOf(Failure.UnknownModel.class,
                assertThrows(RequestException.class, () -> models.demand("nobody")).failure());
    }

    @Test
    void whereRequestsDoNotLoadModelsTheRefusalSaysWhatToDoAndAPersonMay() throws Exception {
        house(BYTES, false, -1);
        enter("a");
        models.unload("a");
        assertEquals(State.UNLOADED, settled("a"));
        assertTrue(refusal(() -> models.demand("a")).message().contains("load_on_demand"));
        models.load("a");
        assertEquals(State.READY, settled("a"));
    }

    @Test
    void oneThatCannotBeLoadedTellsWhyAndIsTriedAgainByAPersonOnly() throws Exception {
        house(BYTES, true, -1);
        broken = true;
        enter("a");
        assertEquals(State.FAILED, state("a"));
        assertTrue(models.demand("a").reason().contains("tensor x is missing"));
        assertEquals(1, openings.get());
        broken = false;
        models.load("a");
        assertEquals(State.READY, settled("a"));
    }

    @Test
    void whatWasSaidAboutModelsIsRememberedOverARestart() throws Exception {
        house(BYTES, true, -1);
        enter("a");
        Models.Keeping keeping = new Models.Keeping(true, OptionalLong.of(7));
        models.keep("a", keeping);
        house(BYTES, true, -1);
        enter("a");
        assertEquals(keeping, models.named("a").orElseThrow().keeping());
        models.keep("a", Models.Keeping.USUAL);
        assertEquals("", Files.readString(folder.resolve("kept")));
    }
}
