package org.alcove.worker;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Hashtable;
import java.util.Map;
import org.alcove.api.worker.Worker;
import org.alcove.engine.EngineSettings;
import org.alcove.engine.KvType;
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
 * Serves the model of one configuration: loads it on a thread of its own, and takes it away with the configuration. The worker is
 * registered at once, so that whoever asks for the model learns that it is loading.
 */
@Component(service = {}, immediate = true, configurationPid = "org.alcove.worker.model",
        configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = WorkerConfiguration.class, factory = true)
public final class ModelLoader {

    private static final Logger LOG = LoggerFactory.getLogger(ModelLoader.class);

    private final WorkerIds ids;
    private final Residence residence;
    private ModelWorker worker;
    private ServiceRegistration<Worker> registration;
    private Resident resident;

    @Activate
    public ModelLoader(WorkerConfiguration configuration, BundleContext context, @Reference LoadingRooms rooms,
            @Reference WorkerIds ids, @Reference SealedEntrance entrance, @Reference Residence residence) {
        this.residence = residence;
        this.ids = ids;
        if (configuration.path().isBlank()) {
            LOG.info("No model is configured: the path is empty");
            return;
        }
        String name = name(configuration);
        Duration drain = Duration.ZERO;
        ModelLoad.Order order;
        try {
            drain = Duration.ofSeconds(configuration.drain__seconds());
            order = order(configuration, name);
        } catch (RuntimeException e) {
            // Thrown on, it would leave no worker that says why.
            order = ModelLoad.Order.faulty(configuration.path(), name, e);
        }
        worker = new ModelWorker(ids.take(name), name, drain, entrance);
        registration = context.registerService(Worker.class, worker,
                new Hashtable<>(Map.of("alcove.worker.id", worker.id(), "alcove.model", name)));
        resident = new Resident(rooms, order, worker);
        residence.enter(resident);
    }

    /** Throws what is wrong with a value: what has none of its type too, since it is read here for the first time. */
    private static ModelLoad.Order order(WorkerConfiguration configuration, String name) {
        return new ModelLoad.Order(configuration.path(), configuration.model__key(), name,
                new PromptWriter.Configured(configuration.template(), configuration.fallback__template()),
                settings(configuration), RecommendedSampling.of(configuration), configuration.max__running(),
                configuration.max__waiting());
    }

    private static String name(WorkerConfiguration configuration) {
        if (!configuration.name().isBlank()) {
            return configuration.name().strip();
        }
        try {
            return ModelWorker.nameOf(Path.of(configuration.path()));
        } catch (InvalidPathException e) {
            // Loading will say what is wrong with it.
            return "model";
        }
    }

    private static EngineSettings settings(WorkerConfiguration configuration) {
        return new EngineSettings(configuration.context__tokens(), configuration.kv__tokens(), configuration.threads(),
                configuration.max__running(), configuration.step__millis(), configuration.max__tokens__per__second(),
                Duration.ofSeconds(configuration.read__timeout__seconds()),
                Duration.ofSeconds(configuration.swap__grace__seconds()), KvType.of(configuration.kv__type()));
    }

    /** Takes no more requests, lets those that are in end, up to a limit, hands over the rest, and frees the model. */
    @Deactivate
    void stop() throws InterruptedException {
        if (worker == null) {
            return;
        }
        try {
            residence.leave(resident);
        } finally {
            registration.unregister();
            ids.giveBack(worker.id());
        }
    }
}
