package org.alcove.worker;

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
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.alcove.api.control.Models;
import org.alcove.api.control.Models.State;
import org.alcove.api.worker.GenerateRequest.Limits;
import org.alcove.api.worker.Generation;
import org.alcove.api.worker.SamplingDefaults;
import org.alcove.engine.Engine;
import org.alcove.engine.EngineFactory;
import org.alcove.engine.EngineMemory;
import org.alcove.engine.EngineSettings;
import org.alcove.weights.ModelFile;
import org.alcove.weights.ModelFormatException;
import org.alcove.weights.WeightStore;
import org.alcove.weights.Weights;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Models that share a budget. Each takes 1100 bytes as predicted, and 1080 and its buffers of 20 when it is loaded. */
class Household {

    static final long BYTES = 1100;
    static final Duration LONG = Duration.ofSeconds(30);

    @TempDir
    Path folder;

    final AtomicInteger openings = new AtomicInteger();
    /** What a slow opening waits for; each for the one that is there when it begins. */
    volatile CountDownLatch goOn = new CountDownLatch(1);
    /** Threads that opened engines, in their order. */
    final List<Thread> loading = new CopyOnWriteArrayList<>();
    final List<FakeEngine> engines = new CopyOnWriteArrayList<>();
    /** Whether kernels are there when they are asked for. */
    volatile BooleanSupplier kernels = () -> true;
    final Map<String, Resident> residents = new HashMap<>();
    final List<Dictionary<String, Object>> configured = new ArrayList<>();
    volatile Instant now = Bench.NOW;
    volatile boolean slow;
    volatile boolean broken;
    LoadingRooms rooms;
    Residence residence;
    LocalModels models;

    @BeforeEach
    void start() throws IOException {
        Files.createDirectories(folder.resolve("models"));
        EngineFactory engines = new EngineFactory() {
            @Override
            public Engine open(Weights weights, EngineSettings settings) throws ModelFormatException {
                openings.incrementAndGet();
                loading.add(Thread.currentThread());
                if (broken) {
                    throw new ModelFormatException("tensor x is missing");
                }
                if (slow) {
                    awaitQuietly();
                }
                FakeEngine engine = new FakeEngine();
                Household.this.engines.add(engine);
                return engine;
            }

            @Override
            public EngineMemory predict(ModelFile file, EngineSettings settings) {
                return new EngineMemory(1000, 80, 20, 0);
            }
        };
        WeightStore store = proxy(WeightStore.class);
        rooms = new LoadingRooms(store, file -> new FakeTokenizer(), engines, new TemplateRegistry(), new Rehearsals(),
                () -> now);
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
                    case "awaitKernels" -> kernels.getAsBoolean();
                    case "bytes" -> 1L;
                    case "sealedBytes" -> OptionalLong.empty();
                    case "close" -> null;
                    default -> "f32";
                }));
    }

    void house(long budget, boolean onDemand, long keepAlive) {
        residence = new Residence(new ResidenceRules(new MemoryBudget(budget), onDemand, LONG, keepAlive),
                new Forecast(rooms.store(), rooms.engines()), new Keepings(folder.resolve("kept")), () -> now, Optional.empty());
        models = new LocalModels(residence, new ModelFolder(folder.resolve("models")), configured::add);
    }

    void enter(String... names) throws Exception {
        for (String name : names) {
            Files.writeString(folder.resolve(name + ".gguf"), name);
            Resident resident = new Resident(rooms, order(name),
                    new ModelWorker("local-" + name, name, Duration.ZERO, new SealedEntrance()));
            residents.put(name, resident);
            residence.enter(resident);
            if (!slow) {
                settled(name);
            }
            now = now.plusSeconds(1);
        }
    }

    ModelLoad.Order order(String name) {
        return new ModelLoad.Order(folder.resolve(name + ".gguf").toString(), "", name, PromptWriter.Configured.NONE,
                EngineSettings.DEFAULT, SamplingDefaults.NONE, 2, 1);
    }

    State state(String name) {
        return models.named(name).orElseThrow().state();
    }

    /** How it stands once it is neither coming nor going. */
    State settled(String name) throws InterruptedException {
        Models.Model model = models.named(name).orElseThrow();
        while (model.state() == State.LOADING || model.state() == State.UNLOADING) {
            model = models.await(model, LONG);
        }
        return model.state();
    }

    Generation ask(String name) {
        return residents.get(name).worker().generate(Bench.request(Limits.tokens(3)));
    }

    void use(String name) {
        ask(name).close();
        residence.look();
        now = now.plusSeconds(1);
    }
}
