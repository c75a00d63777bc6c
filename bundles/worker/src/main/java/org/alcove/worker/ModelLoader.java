package org.alcove.worker;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Hashtable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.alcove.api.worker.ModelCard;
import org.alcove.api.worker.Worker;
import org.alcove.engine.Engine;
import org.alcove.engine.EngineFactory;
import org.alcove.engine.EngineSettings;
import org.alcove.tokenizer.Tokenizer;
import org.alcove.tokenizer.Tokenizers;
import org.alcove.weights.WeightStore;
import org.alcove.weights.Weights;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads the model of one configuration, on a thread of its own, and takes it away with the configuration. The worker is
 * registered at once, so that whoever asks for the model learns that it is loading.
 */
@Component(service = {}, immediate = true, configurationPid = "org.alcove.worker.model",
        configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = WorkerConfiguration.class, factory = true)
public final class ModelLoader {

    private static final Logger LOG = LoggerFactory.getLogger(ModelLoader.class);
    private static final long POLL_NANOS = 20_000_000;
    private static final long KERNEL_WAIT_SECONDS = 1;

    private final WorkerConfiguration configuration;
    private final WeightStore store;
    private final Tokenizers tokenizers;
    private final EngineFactory engines;
    private final TemplateRegistry templates;
    private ModelWorker worker;
    private ServiceRegistration<Worker> registration;
    private Thread thread;
    private volatile Engine engine;

    @Activate
    public ModelLoader(WorkerConfiguration configuration, BundleContext context, @Reference WeightStore store,
            @Reference Tokenizers tokenizers, @Reference EngineFactory engines, @Reference TemplateRegistry templates) {
        this.configuration = configuration;
        this.store = store;
        this.tokenizers = tokenizers;
        this.engines = engines;
        this.templates = templates;
        if (configuration.path().isBlank()) {
            LOG.info("no model is configured: path is empty");
            return;
        }
        Path path = Path.of(configuration.path());
        String name = configuration.name().isBlank() ? ModelWorker.nameOf(path) : configuration.name();
        worker = new ModelWorker("local-" + name, name);
        registration = context.registerService(Worker.class, worker, new Hashtable<>(worker.properties()));
        thread = Thread.ofPlatform().daemon().name("alcove-load-" + name).start(() -> load(path, name));
    }

    private void load(Path path, String name) {
        long start = System.nanoTime();
        Weights weights = null;
        try {
            weights = store.open(path);
            awaitKernels(weights);
            Tokenizer tokenizer = tokenizers.open(weights.file());
            Engine opened = engines.open(weights, settings());
            engine = opened;
            PromptWriter prompts = new PromptWriter(templates, weights.file(), tokenizer, configuration.template());
            worker.enter(new ModelWorker.Phase.Loaded(new LoadedModel("local-" + name, card(name, weights, opened, prompts),
                    opened, tokenizer, prompts, new Admission(configuration.max_running(), configuration.max_waiting())), false));
            report(name, weights, prompts, start);
        } catch (InterruptedException stopped) {
            close(weights);
        } catch (IOException | RuntimeException | Error e) {
            LOG.error("model {} cannot be loaded: {}", name, e.getMessage(), e instanceof IOException ? null : e);
            worker.enter(new ModelWorker.Phase.Broken("it could not be loaded: " + e.getMessage()));
            close(weights);
        }
    }

    private EngineSettings settings() {
        return new EngineSettings(configuration.context_tokens(), configuration.kv_tokens(), configuration.threads(),
                configuration.max_running(), configuration.step_millis(),
                Duration.ofSeconds(configuration.read_timeout_seconds()), Duration.ofSeconds(configuration.swap_grace_seconds()));
    }

    private void awaitKernels(Weights weights) throws InterruptedException {
        while (!weights.awaitKernels(KERNEL_WAIT_SECONDS, TimeUnit.SECONDS)) {
            worker.enter(new ModelWorker.Phase.Loading("it waits for kernels: " + weights.kernels()));
        }
    }

    private static ModelCard card(String name, Weights weights, Engine engine, PromptWriter prompts) {
        return new ModelCard(name, weights.file().architecture(), engine.contextTokens(), engine.vocabulary(), weights.formats(),
                prompts.choice(), engine.fingerprint(), Instant.now());
    }

    private static void report(String name, Weights weights, PromptWriter prompts, long start) {
        LOG.info("model {} is loaded: {}, {} MB, {}, template {}, after {} ms", name, weights.file().architecture(),
                weights.bytes() / 1_000_000, weights.kernels(), prompts.choice(), (System.nanoTime() - start) / 1_000_000);
        if (prompts.isFallback()) {
            LOG.warn("model {} carries no conversation template and none is configured: the messages of a chat are put one"
                    + " after the other as they are; choose a template with --template or in conf/", name);
        }
        prompts.obstacle().ifPresent(obstacle -> LOG.warn("model {} cannot take conversations yet: {}", name, obstacle));
    }

    private void close(Weights weights) {
        if (weights != null && engine == null) {
            weights.close();
        }
    }

    /** Takes no more requests, lets those that are in end, up to a limit, and frees the model. */
    @Deactivate
    void stop() throws InterruptedException {
        if (worker == null) {
            return;
        }
        thread.interrupt();
        thread.join();
        Engine running = engine;
        if (running != null) {
            worker.drain();
            long limit = System.nanoTime() + Duration.ofSeconds(configuration.drain_seconds()).toNanos();
            while (worker.requests() > 0 && System.nanoTime() < limit) {
                LockSupport.parkNanos(POLL_NANOS);
            }
        }
        registration.unregister();
        if (running != null) {
            running.close();
        }
    }
}
