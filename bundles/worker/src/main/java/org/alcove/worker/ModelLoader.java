package org.alcove.worker;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Hashtable;
import java.util.Map;
import java.util.Optional;
import org.alcove.api.control.Models;
import org.alcove.api.worker.Worker;
import org.alcove.configuration.GivenValues;
import org.alcove.engine.EngineSettings;
import org.alcove.engine.KvType;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves the model of one configuration: loads it on a thread of its own, and takes it away with the configuration. The worker is
 * registered at once, so that whoever asks for the model learns that it is loading.
 */
@Component(service = {}, immediate = true, configurationPid = "org.alcove.worker.model",
        configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = WorkerConfiguration.class, factory = true)
public final class ModelLoader {

    private static final Logger LOG = LoggerFactory.getLogger(ModelLoader.class);
    /** More than machines have processors. */
    private static final int MOST_THREADS = 4096;
    /** The engine has memory for the logits of each from the beginning on. */
    private static final int MOST_RUNNING = 4096;
    private static final int MOST_WAITING = 1_000_000;
    /** In a longer step others would take the engine for one that hangs. */
    private static final int MOST_STEP_MILLIS = 10_000;

    private final BundleContext context;
    private final LoadingRooms rooms;
    private final WorkerIds ids;
    private final SealedEntrance entrance;
    private final Residence residence;
    private ModelWorker worker;
    private ServiceRegistration<Worker> registration;
    private Resident resident;

    /**
     * What a configuration says.
     *
     * @param drain how long answers go on when the model is taken away
     */
    private record Plan(ModelLoad.Order order, Duration drain) {
    }

    @Activate
    public ModelLoader(Map<String, Object> given, BundleContext context, @Reference LoadingRooms rooms,
            @Reference WorkerIds ids, @Reference SealedEntrance entrance, @Reference Residence residence) {
        this.context = context;
        this.rooms = rooms;
        this.ids = ids;
        this.entrance = entrance;
        this.residence = residence;
        plan(given).ifPresent(this::begin);
    }

    /** The model is loaded anew. Its worker stays where it keeps its name, so that nobody is told that there is no such model. */
    @Modified
    synchronized void change(Map<String, Object> given) throws InterruptedException {
        Optional<Plan> plan = plan(given);
        if (worker != null && plan.isPresent() && plan.get().order().name().equals(resident.name())) {
            Resident before = resident;
            resident = new Resident(rooms, plan.get().order(), worker);
            residence.replace(before, resident);
            worker.allow(plan.get().drain());
        } else {
            stop();
            plan.ifPresent(this::begin);
        }
    }

    private static Optional<Plan> plan(Map<String, Object> given) {
        GivenValues values = new GivenValues(WorkerConfiguration.class, given);
        values.strangers().forEach(LOG::warn);
        if (values.text("path").isBlank()) {
            LOG.info("No model is configured: the path is empty");
            return Optional.empty();
        }
        String name = name(values);
        Duration drain = Duration.ZERO;
        ModelLoad.Order order;
        try {
            drain = seconds(values, "drain_seconds", 0);
            order = order(values, name);
        } catch (RuntimeException e) {
            // Thrown on, it would leave no worker that says why.
            order = ModelLoad.Order.faulty(values.text("path"), name, e);
        }
        return Optional.of(new Plan(order, drain));
    }

    private void begin(Plan plan) {
        String name = plan.order().name();
        worker = new ModelWorker(ids.take(name), name, plan.drain(), entrance);
        registration = context.registerService(Worker.class, worker,
                new Hashtable<>(Map.of("alcove.worker.id", worker.id(), "alcove.model", name)));
        resident = new Resident(rooms, plan.order(), worker);
        residence.enter(resident);
    }

    /** Throws what is wrong with a value: what has none of its type too, since it is read here for the first time. */
    private static ModelLoad.Order order(GivenValues values, String name) {
        values.requireReplaced();
        EngineSettings settings = settings(values);
        return new ModelLoad.Order(values.text("path"), values.text("model_key"), name,
                PromptWriter.Configured.of(values.text("template"), values.text("fallback_template"), settings.swapGrace()),
                settings, RecommendedSampling.of(values), settings.maxSequences(),
                values.integer("max_waiting", 0, MOST_WAITING));
    }

    private static String name(GivenValues values) {
        if (!values.text("name").isBlank()) {
            return values.text("name").strip();
        }
        try {
            return Models.nameOf(Path.of(values.text("path")));
        } catch (InvalidPathException e) {
            // Loading will say what is wrong with it.
            return "model";
        }
    }

    private static EngineSettings settings(GivenValues values) {
        return new EngineSettings(values.integer("context_tokens", 0, Integer.MAX_VALUE),
                values.integer("kv_tokens", 0, Integer.MAX_VALUE), values.integer("threads", 0, MOST_THREADS),
                values.integer("max_running", 1, MOST_RUNNING), values.integer("step_millis", 1, MOST_STEP_MILLIS),
                values.integer("max_tokens_per_second", 0, Integer.MAX_VALUE), seconds(values, "read_timeout_seconds", 1),
                seconds(values, "swap_grace_seconds", 0), kvType(values), values.flag("prefix_cache"));
    }

    private static Duration seconds(GivenValues values, String key, int least) {
        return Duration.ofSeconds(values.integer(key, least, Integer.MAX_VALUE));
    }

    private static KvType kvType(GivenValues values) {
        try {
            return KvType.of(values.text("kv_type"));
        } catch (IllegalArgumentException e) {
            throw values.refusal("kv_type", e.getMessage());
        }
    }

    /** Takes no more requests, lets those that are in end, up to a limit, hands over the rest, and frees the model. */
    @Deactivate
    synchronized void stop() throws InterruptedException {
        if (worker == null) {
            return;
        }
        try {
            residence.leave(resident);
        } finally {
            registration.unregister();
            ids.giveBack(worker.id());
            worker = null;
        }
    }
}
