package org.alcove.worker;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.alcove.api.worker.ModelCard;
import org.alcove.api.worker.SamplingDefaults;
import org.alcove.engine.Engine;
import org.alcove.engine.EngineSettings;
import org.alcove.tokenizer.Tokenizer;
import org.alcove.weights.KernelUnavailableException;
import org.alcove.weights.KeyPlace;
import org.alcove.weights.Weights;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One loading of a model, step by step, told to its worker. Run once, by one thread; stopped by another. */
final class ModelLoad implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(ModelLoad.class);
    private static final long KERNEL_LOOK_SECONDS = 1;

    private final LoadingRooms rooms;
    private final Order order;
    private final ModelWorker worker;
    private volatile boolean stopped;
    /** Guarded by the monitor, as is {@link #freed}. */
    private Engine engine;
    private boolean freed;
    /** Set before anybody is told of it. */
    private LoadedModel served;

    /**
     * What is to be loaded.
     *
     * @param path GGUF file or Hugging Face folder, plain or sealed
     * @param key where the key of a sealed model is, as {@link KeyPlace#of} reads it
     * @param name by which requests ask for it
     * @param templates names of the configured conversation templates
     * @param engine how its engine runs
     * @param sampling how tokens are chosen where a request does not say it; before what the model recommends
     * @param running most requests computed at once
     * @param waiting most requests that wait
     * @param fault why the configuration cannot be used, if it cannot: then nothing is ever loaded
     */
    record Order(String path, String key, String name, PromptWriter.Configured templates, EngineSettings engine,
            SamplingDefaults sampling, int running, int waiting, Optional<String> fault) {

        Order(String path, String key, String name, PromptWriter.Configured templates, EngineSettings engine,
                SamplingDefaults sampling, int running, int waiting) {
            this(path, key, name, templates, engine, sampling, running, waiting, Optional.empty());
        }

        /** One that cannot be carried out, so that whoever asks for the model learns why. */
        static Order faulty(String path, String name, RuntimeException fault) {
            return new Order(path, "", name, PromptWriter.Configured.NONE, EngineSettings.DEFAULT, SamplingDefaults.NONE,
                    0, 0, Optional.of(why(fault)));
        }

        private void check() throws IOException {
            if (fault.isPresent()) {
                throw new IOException("its configuration cannot be used: " + fault.get() + "; correct it");
            }
        }
    }

    ModelLoad(LoadingRooms rooms, Order order, ModelWorker worker) {
        this.rooms = rooms;
        this.order = order;
        this.worker = worker;
    }

    /** What is loaded from now on is of no use. */
    void stop() {
        stopped = true;
    }

    @Override
    public void run() {
        long start = System.nanoTime();
        Weights weights = null;
        boolean taken = false;
        try {
            order.check();
            weights = rooms.store().open(Path.of(order.path()), KeyPlace.of(order.key()));
            Tokenizer tokenizer = rooms.tokenizers().open(weights.file());
            Engine opened = engine(weights);
            taken = true;
            serve(weights, tokenizer, opened, start);
        } catch (InterruptedException e) {
            LOG.info("Model {} is no longer wanted; loading ends", order.name());
        } catch (IOException | RuntimeException | Error e) {
            if (tell(new ModelWorker.Phase.Broken("its model could not be loaded: " + why(e)))) {
                LOG.error("Model {} cannot be loaded: {}", order.name(), why(e), e instanceof IOException ? null : e);
            }
        } finally {
            if (weights != null && !taken) {
                weights.close();
            }
        }
    }

    private static String why(Throwable fault) {
        return fault.getMessage() == null ? fault.toString() : fault.getMessage();
    }

    /** Tells the worker how far it is, unless nobody wants it any more: another loading may be under way. Whether it told. */
    private synchronized boolean tell(ModelWorker.Phase phase) {
        boolean wanted = !stopped && !freed;
        if (wanted) {
            worker.enter(phase);
        }
        return wanted;
    }

    /** An engine, as soon as every format has a kernel: plug-ins may be started later than this bundle. */
    private Engine engine(Weights weights) throws IOException, InterruptedException {
        while (true) {
            while (!weights.awaitKernels(KERNEL_LOOK_SECONDS, TimeUnit.SECONDS)) {
                tell(new ModelWorker.Phase.Loading("it waits for kernels; there are " + weights.kernels()));
            }
            if (stopped) {
                throw new InterruptedException();
            }
            try {
                return rooms.engines().open(weights, order.engine());
            } catch (KernelUnavailableException e) {
                LOG.info("Model {} waits for a kernel of the format {} again", order.name(), e.format());
            }
        }
    }

    private void serve(Weights weights, Tokenizer tokenizer, Engine opened, long start) {
        synchronized (this) {
            if (freed) {
                opened.close();
                return;
            }
            engine = opened;
        }
        PromptWriter prompts = new PromptWriter(rooms.templates(), weights.file(), tokenizer, order.templates());
        LoadedModel model = new LoadedModel(worker.id(), opened, tokenizer, prompts,
                new Admission(order.running(), order.waiting(), rooms.clock()), rooms.clock());
        ModelCard card = new ModelCard(order.name(), weights.file().architecture(), opened.contextTokens(), opened.vocabulary(),
                weights.formats(), prompts.choice(), opened.fingerprint(), rooms.clock().instant(),
                order.sampling().orElse(RecommendedSampling.of(weights.file())));
        if (!tell(new ModelWorker.Phase.Loaded(model, card))) {
            return;
        }
        prompts.warn();
        LOG.info("Model {} is loaded: {}, {} MB, kernels {}, template {}, after {} ms", order.name(), card.architecture(),
                weights.bytes() / 1_000_000, weights.kernels(), card.template(), (System.nanoTime() - start) / 1_000_000);
        served = model;
        rooms.rehearsals().add(this);
    }

    /** Does what need not be done before the model is ready, and is better not left to the first request. */
    void rehearse() {
        if (!stopped) {
            served.rehearse();
        }
    }

    /** Closes the engine, now or as soon as there is one. */
    void free() {
        rooms.rehearsals().remove(this);
        Engine opened;
        synchronized (this) {
            freed = true;
            opened = engine;
        }
        if (opened != null) {
            opened.close();
        }
    }
}
