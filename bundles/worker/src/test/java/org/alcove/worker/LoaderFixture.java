package org.alcove.worker;

import static java.util.Map.entry;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Dictionary;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.alcove.api.worker.Worker;
import org.alcove.api.worker.WorkerStatus.State;
import org.alcove.engine.EngineFactory;
import org.alcove.engine.EngineSettings;
import org.alcove.weights.WeightStore;
import org.alcove.weights.Weights;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;

/** A {@link ModelLoader} of a model that is not there, and what it registers. */
abstract class LoaderFixture {

    final FakeEngine engine = new FakeEngine();
    final AtomicInteger openWeights = new AtomicInteger();
    final AtomicReference<Worker> registered = new AtomicReference<>();
    final AtomicReference<EngineSettings> settings = new AtomicReference<>();
    /** What happens at each opening of an engine. */
    final BlockingQueue<Runnable> openings = new LinkedBlockingQueue<>();
    final Semaphore kernels = new Semaphore(1);
    final WorkerIds ids = new WorkerIds();
    final TemplateRegistry templates = new TemplateRegistry();
    final Rehearsals rehearsals = new Rehearsals();
    IOException damage;
    /** Beside what a test says of its own. */
    final Map<String, Object> given = new HashMap<>(Map.ofEntries(entry("sampling_top_k", 40), entry("context_tokens", 1),
            entry("kv_tokens", 2L), entry("threads", "3"), entry("max_running", 4), entry("max_waiting", 5),
            entry("step_millis", 6.0), entry("max_tokens_per_second", 9), entry("read_timeout_seconds", 7),
            entry("swap_grace_seconds", 8), entry("prefix_cache", false),
            entry("service.pid", "org.alcove.worker.model~default")));
    FakeModelFile recommending = FakeModelFile.BARE;

    ModelLoader loader(String path, int drainSeconds) {
        BundleContext context = proxy(BundleContext.class, (method, arguments) -> {
            registered.set((Worker) arguments[1]);
            assertEquals("local-fake", ((Dictionary<?, ?>) arguments[2]).get("alcove.worker.id"));
            return proxy(ServiceRegistration.class, (unregister, none) -> {
                registered.set(null);
                return null;
            });
        });
        WeightStore store = proxy(WeightStore.class, (method, arguments) -> weights((Path) arguments[0]));
        EngineFactory engines = (weights, wanted) -> {
            settings.set(wanted);
            Runnable opening = openings.poll();
            if (opening != null) {
                opening.run();
            }
            return engine;
        };
        Residence residence = new Residence(new ResidenceRules(new MemoryBudget(Long.MAX_VALUE), true, Duration.ZERO, -1),
                new Forecast(store, engines), new Keepings(Path.of("target/no-keepings")), InstantSource.system(),
                Optional.empty());
        LoadingRooms rooms = new LoadingRooms(store, file -> new FakeTokenizer(), engines, templates, rehearsals);
        given.put("path", path);
        given.putIfAbsent("drain_seconds", drainSeconds);
        return new ModelLoader(given, context, rooms, ids, new SealedEntrance(), residence);
    }

    Weights weights(Path path) throws IOException {
        if (damage != null) {
            throw damage;
        }
        openWeights.incrementAndGet();
        return proxy(Weights.class, (method, arguments) -> switch (method) {
            case "file" -> recommending;
            case "awaitKernels" -> {
                kernels.acquire();
                kernels.release();
                yield true;
            }
            case "close" -> openWeights.decrementAndGet();
            case "bytes" -> 1L;
            default -> "f32";
        });
    }

    interface Call {
        Object answer(String method, Object[] arguments) throws Exception;
    }

    static <T> T proxy(Class<T> type, Call call) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type},
                (self, method, arguments) -> call.answer(method.getName(), arguments)));
    }

    /** Waits for what another thread brings about. */
    State awaitOther(State state) {
        long limit = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (registered.get().status().state() == state && System.nanoTime() < limit) {
            Thread.onSpinWait();
        }
        return registered.get().status().state();
    }

    static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
