package org.alcove.distribution;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.alcove.api.control.Controller;
import org.alcove.api.conversation.Message;
import org.alcove.api.worker.GenerateRequest;
import org.alcove.api.worker.Generation;
import org.alcove.api.worker.GenerationEvent;
import org.alcove.api.worker.RequestContext;
import org.alcove.api.worker.SamplingParameters;
import org.alcove.api.worker.WorkerStatus;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;

/** A model that the platform under test serves, and how to talk to it from inside the framework. */
final class RunningModel {

    /** Against hanging only. */
    private static final Duration LIMIT = Duration.ofSeconds(300);
    private static final long POLL_NANOS = 5_000_000;

    private final BundleContext context;
    private final String name;
    private final Configuration configuration;

    private RunningModel(BundleContext context, String name, Configuration configuration) {
        this.context = context;
        this.name = name;
        this.configuration = configuration;
    }

    /**
     * Configures a worker for a model, as a file in {@code conf/} would, and waits until it takes requests.
     *
     * @param name one that no other test uses: a worker of the same name may still be on its way out
     */
    static RunningModel serve(BundleContext context, String name, Path model, Map<String, Object> settings) throws IOException {
        Hashtable<String, Object> properties = new Hashtable<>(settings);
        properties.put("path", model.toString());
        properties.put("name", name);
        Configuration configuration =
                service(context, ConfigurationAdmin.class).getFactoryConfiguration("org.alcove.worker.model", name, "?");
        configuration.update(properties);
        RunningModel running = new RunningModel(context, name, configuration);
        running.awaitState(WorkerStatus.State.READY);
        return running;
    }

    /** Takes the model away, as deleting its file in {@code conf/} would. */
    void stop() throws IOException {
        configuration.delete();
    }

    static <T> T service(BundleContext context, Class<T> type) {
        Supplier<ServiceReference<T>> reference = () -> context.getServiceReference(type);
        await("a service " + type.getName(), () -> reference.get() != null);
        return context.getService(reference.get());
    }

    static void await(String what, BooleanSupplier condition) {
        long limit = System.nanoTime() + LIMIT.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > limit) {
                throw new AssertionError("within " + LIMIT.toSeconds() + " s there was not " + what);
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
    }

    Controller controller() {
        return service(context, Controller.class);
    }

    /** State of the worker that serves this model, or null where none does. */
    WorkerStatus.State state() {
        return controller().workers().stream().filter(worker -> worker.models().contains(name)).map(WorkerStatus::state)
                .findFirst().orElse(null);
    }

    /** Why it is in its state. */
    String reason() {
        return controller().workers().stream().filter(worker -> worker.models().contains(name)).map(WorkerStatus::reason)
                .findFirst().orElse("");
    }

    void awaitState(WorkerStatus.State state) {
        await(name + " in state " + state + "; workers are " + controller().workers(), () -> state() == state);
    }

    /** A continuation of a text, seeded, at temperature 0.8, so that a wrong bit shows. */
    Generation start(String prompt, int tokens) {
        SamplingParameters sampling = new SamplingParameters(0.8f, 0, 1, 0, 1, 0, 0, Map.of(), OptionalLong.of(7));
        return controller().generate(new GenerateRequest(name, RequestContext.fresh(), new GenerateRequest.Text(prompt), sampling,
                GenerateRequest.Limits.tokens(tokens), GenerateRequest.Logprobs.NONE));
    }

    /** An answer to a message, greedy. */
    Generation chat(List<Message> messages, int tokens) {
        return controller().generate(new GenerateRequest(name, RequestContext.fresh(),
                new GenerateRequest.Chat(messages, Map.of()), SamplingParameters.GREEDY, GenerateRequest.Limits.tokens(tokens),
                GenerateRequest.Logprobs.NONE));
    }

    /** The whole text of a continuation. */
    String text(String prompt, int tokens) throws InterruptedException {
        try (Generation generation = start(prompt, tokens)) {
            return rest(generation);
        }
    }

    /** What a stream still gives; fails where it does not end well. */
    static String rest(Generation generation) throws InterruptedException {
        StringBuilder text = new StringBuilder();
        for (GenerationEvent event = generation.next(); event != null; event = generation.next()) {
            switch (event) {
                case GenerationEvent.Delta delta -> text.append(delta.text());
                case GenerationEvent.Failed failed -> throw new AssertionError(failed.failure().message());
                case GenerationEvent.Started started -> { }
                case GenerationEvent.PromptScored scored -> { }
                case GenerationEvent.Finished finished -> { }
            }
        }
        return text.toString();
    }

    /** The text of the next so many deltas. */
    static String deltas(Generation generation, int count) throws InterruptedException {
        StringBuilder text = new StringBuilder();
        for (int seen = 0; seen < count;) {
            GenerationEvent event = generation.next();
            if (event == null) {
                throw new AssertionError("the stream ended after " + seen + " deltas");
            }
            if (event instanceof GenerationEvent.Delta delta) {
                text.append(delta.text());
                seen++;
            }
        }
        return text.toString();
    }
}
