package org.alcove.worker;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.alcove.api.control.Models;
import org.alcove.api.worker.Failure;
import org.alcove.api.worker.RequestException;
import org.alcove.api.worker.SamplingDefaults;
import org.alcove.engine.EngineMemory;
import org.alcove.engine.EngineSettings;
import org.osgi.framework.BundleContext;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** The models of this process, for whoever asks: those that live in its {@link Residence}, and the files of the models folder. */
@Component(service = Models.class)
public final class LocalModels implements Models {

    static final String FACTORY = "org.alcove.worker.model";
    private static final Duration RETRY = Duration.ofSeconds(5);

    private final Residence residence;
    private final ModelFolder folder;
    private final Shelf shelf;

    /** Makes configurations of models. */
    @FunctionalInterface
    interface Shelf {
        void configure(Dictionary<String, Object> properties) throws IOException;
    }

    @Activate
    public LocalModels(BundleContext context, @Reference Residence residence, @Reference ConfigurationAdmin admin) {
        this(residence, new ModelFolder(Residence.data(context).resolve("models")),
                properties -> admin.createFactoryConfiguration(FACTORY, "?").update(properties));
    }

    LocalModels(Residence residence, ModelFolder folder, Shelf shelf) {
        this.residence = residence;
        this.folder = folder;
        this.shelf = shelf;
        // Whoever put something else in its place learns of it now, and not with the first request.
        folder.models();
    }

    @Override
    public Model demand(String name) {
        return bring(name, residence.rules().onDemand(), false);
    }

    @Override
    public Model load(String name) {
        return bring(name, true, true);
    }

    private Model bring(String name, boolean allowed, boolean again) {
        synchronized (residence) {
            Optional<Resident> resident = residence.named(name);
            State state = resident.map(Resident::state).orElse(residence.wants(name) ? State.LOADING : State.UNLOADED);
            if (state == State.UNLOADED || state == State.FAILED && again) {
                if (!allowed) {
                    throw unavailable("the model " + name + " is not loaded, and requests do not load models here; have somebody"
                            + " load it, or set load_on_demand of org.alcove.worker.models");
                }
                resident.ifPresentOrElse(this::admit, () -> configure(name));
            }
            return known(name);
        }
    }

    private void admit(Resident resident) {
        residence.admit(resident, true).ifPresent(refusal -> {
            throw unavailable(refusal);
        });
    }

    private static RequestException unavailable(String why) {
        return new RequestException(new Failure.Unavailable(RETRY, why));
    }

    /** Of a file of the folder a configuration is made, which comes back as a resident. */
    private void configure(String name) {
        Path path = folder.models().get(name);
        if (path == null) {
            throw new RequestException(new Failure.UnknownModel(name, "there is no model of this name, neither configured nor in "
                    + folder.folder()));
        }
        residence.want(name, true);
        try {
            shelf.configure(new Hashtable<>(Map.of("path", path.toString(), "name", name, "alcove.admin", true)));
        } catch (IOException | RuntimeException e) {
            residence.want(name, false);
            throw new RequestException(
                    new Failure.Unavailable(RETRY, "the model " + name + " cannot be loaded: " + e.getMessage()), e);
        }
    }

    @Override
    public Model unload(String name) {
        synchronized (residence) {
            known(name);
            residence.named(name).ifPresent(residence::unload);
            return known(name);
        }
    }

    @Override
    public Model keep(String name, Keeping keeping) {
        known(name);
        residence.keepings().put(name, keeping);
        return known(name);
    }

    @Override
    public Duration patience() {
        return residence.rules().patience();
    }

    @Override
    public Model await(Model seen, Duration atMost) throws InterruptedException {
        long end = System.nanoTime() + atMost.toNanos();
        synchronized (residence) {
            Model now = known(seen.name());
            for (long left = atMost.toNanos(); left > 0 && now.state() == seen.state(); left = end - System.nanoTime()) {
                TimeUnit.NANOSECONDS.timedWait(residence, left);
                now = known(seen.name());
            }
            return now;
        }
    }

    private Model known(String name) {
        return named(name).orElseThrow(() -> new RequestException(new Failure.UnknownModel(name,
                "there is no model of this name, neither configured nor in " + folder.folder())));
    }

    @Override
    public Optional<Model> named(String name) {
        synchronized (residence) {
            return residence.named(name).map(resident -> model(resident, false))
                    .or(() -> Optional.ofNullable(folder.models().get(name))
                            .map(path -> lying(name, Optional.empty(), Optional.empty())));
        }
    }

    @Override
    public List<Model> all() {
        Map<String, Model> all = new TreeMap<>();
        folder.models().forEach((name, path) -> all.put(name, lying(name,
                residence.forecast().of(path, "", EngineSettings.DEFAULT),
                residence.forecast().sampling(path, "", EngineSettings.DEFAULT))));
        synchronized (residence) {
            residence.all().forEach(resident -> all.put(resident.name(), model(resident, true)));
        }
        return List.copyOf(all.values());
    }

    private Model lying(String name, Optional<EngineMemory> predicted, Optional<SamplingDefaults> sampling) {
        return new Model(name, residence.wants(name) ? State.LOADING : State.UNLOADED, "", residence.keepings().of(name),
                Optional.empty(), 0, predicted.map(Resident::told), Optional.empty(), sampling);
    }

    private Model model(Resident resident, boolean whole) {
        return new Model(resident.name(), resident.state(), resident.reason(), residence.keepings().of(resident.name()),
                resident.holds() ? Optional.of(resident.lastUse()) : Optional.empty(), resident.worker().answering(),
                whole ? residence.predicted(resident).map(Resident::told) : Optional.empty(),
                whole ? resident.measured() : Optional.empty(), whole ? residence.sampling(resident) : Optional.empty());
    }

    @Override
    public Budget budget() {
        return new Budget(residence.rules().budget().bytes(), residence.held());
    }
}
