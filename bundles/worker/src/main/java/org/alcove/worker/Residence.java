package org.alcove.worker;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.alcove.api.control.Models;
import org.alcove.api.worker.SamplingDefaults;
import org.alcove.configuration.ConfigurationReader;
import org.alcove.engine.EngineMemory;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the models of this process live: who is in memory, who goes for another, and for how long. A model that comes by its
 * configuration never makes another one go, so that a start ends the same way each time; one that a request or a person asks for
 * does.
 */
@Component(service = Residence.class, configurationPid = "org.alcove.worker.models", immediate = true)
@Designate(ocd = ModelsConfiguration.class)
public final class Residence {

    private static final Logger LOG = LoggerFactory.getLogger(Residence.class);
    private static final ConfigurationReader<ResidenceRules> READER = new ConfigurationReader<>("org.alcove.worker.models",
            ModelsConfiguration.class, ResidenceRules::of, LOG);
    /** A model that was loaded for a request stays until that request can have come. */
    private static final Duration FIRST_USE = Duration.ofSeconds(60);

    private volatile ResidenceRules rules;
    private final Forecast forecast;
    private final Keepings keepings;
    private final InstantSource clock;
    private final List<Resident> residents = new ArrayList<>();
    /** Models of the folder whose configuration was made a moment ago, and may make others go. */
    private final Set<String> wanted = new HashSet<>();
    private final Optional<ScheduledExecutorService> beat;

    @Activate
    public Residence(Map<String, Object> given, BundleContext context, @Reference LoadingRooms rooms) throws IOException {
        this(READER.first(given, "no model is served"), new Forecast(rooms.store(), rooms.engines()),
                new Keepings(data(context).resolve("kept-models")), InstantSource.system(),
                Optional.of(Executors.newSingleThreadScheduledExecutor(
                        Thread.ofPlatform().daemon().name("alcove-models").factory())));
        beat.orElseThrow().scheduleWithFixedDelay(this::look, 1, 1, TimeUnit.SECONDS);
    }

    Residence(ResidenceRules rules, Forecast forecast, Keepings keepings, InstantSource clock,
            Optional<ScheduledExecutorService> beat) {
        this.rules = rules;
        this.forecast = forecast;
        this.keepings = keepings;
        this.clock = clock;
        this.beat = beat;
    }

    /** Models stay as they are; the next one that comes or goes is judged by this. */
    @Modified
    void change(Map<String, Object> given) {
        READER.next(given).ifPresent(next -> rules = next);
    }

    /** The server's data folder, which the launcher names. */
    static Path data(BundleContext context) {
        String data = context.getProperty("alcove.data");
        return Path.of(data == null ? "data" : data);
    }

    @Deactivate
    void stop() {
        beat.ifPresent(ScheduledExecutorService::shutdownNow);
    }

    /** A model is configured: it is loaded, if there is room. */
    synchronized void enter(Resident resident) {
        residents.add(resident);
        boolean asked = wanted.remove(resident.name());
        admit(resident, asked).ifPresent(refusal -> LOG.warn("A model is not loaded: {}", refusal));
        notifyAll();
    }

    /** A model is no longer configured: its answers end, up to a limit, and its memory is free when this returns. */
    void leave(Resident resident) throws InterruptedException {
        synchronized (this) {
            residents.remove(resident);
            if (resident.holds()) {
                resident.dismiss();
            }
        }
        end(resident, "its configuration is being taken away");
    }

    /**
     * A model is configured anew, for the same worker: answers of what was end, up to a limit, and it is loaded again. In
     * between it is known as being unloaded, and nobody loads it as it was.
     */
    void replace(Resident before, Resident now) throws InterruptedException {
        synchronized (this) {
            // Where it is being unloaded already, that ends first: it would take the worker for that of what is gone.
            while (before.state() == Models.State.UNLOADING) {
                wait();
            }
            before.dismiss();
        }
        try {
            before.end("its configuration is being changed");
        } finally {
            synchronized (this) {
                before.gone();
                residents.remove(before);
                enter(now);
            }
        }
    }

    /** Begins loading if there is room, others going where they may; otherwise why not. */
    synchronized Optional<String> admit(Resident resident, boolean othersGo) {
        Optional<EngineMemory> predicted = predicted(resident);
        long needed = predicted.map(rules.budget()::needed).orElse(0L);
        List<MemoryBudget.Tenant> tenants = tenants();
        List<MemoryBudget.Tenant> leaving = othersGo ? rules.budget().leaving(needed, tenants) : List.of();
        List<Resident> victims = new ArrayList<>();
        if (rules.budget().fits(needed, tenants, leaving)) {
            String why = "it was unloaded to make room for " + resident.name() + "; a request loads it again";
            for (MemoryBudget.Tenant tenant : leaving) {
                residents.stream().filter(other -> other.worker().id().equals(tenant.name())).findFirst()
                        .filter(other -> other.vacate(why)).ifPresent(victims::add);
            }
        }
        boolean all = victims.size() == leaving.size() && rules.budget().fits(needed, tenants, leaving);
        if (all) {
            if (!victims.isEmpty()) {
                LOG.info("Model {} takes the place of {}", resident.name(), Resident.names(victims));
            }
            resident.begin(predicted, () -> free(victims), ended -> settle(resident, ended));
            notifyAll();
            return Optional.empty();
        }
        if (!victims.isEmpty()) {
            Thread.startVirtualThread(() -> free(victims));
        }
        String refusal = othersGo ? rules.budget().refusal(resident.name(), needed, tenants)
                : rules.budget().postponement(resident.name(), needed, tenants);
        resident.refused(refusal);
        return Optional.of(refusal);
    }

    private List<MemoryBudget.Tenant> tenants() {
        return residents.stream().filter(Resident::holds).map(other -> {
            boolean busy = other.busy();
            return new MemoryBudget.Tenant(other.worker().id(), other.held(), !busy && other.state() == Models.State.READY
                    && !keepings.of(other.name()).pinned(), other.lastUse());
        }).toList();
    }

    private void free(List<Resident> leaving) {
        for (Resident resident : leaving) {
            try {
                resident.free();
            } catch (RuntimeException e) {
                LOG.error("Model {} could not be freed whole", resident.name(), e);
            }
            synchronized (this) {
                resident.gone();
                notifyAll();
            }
        }
    }

    private synchronized void settle(Resident resident, ModelLoad ended) {
        resident.settle(ended, clock.instant());
        notifyAll();
    }

    /** Unloads what nobody has used for as long as was said. Never throws: the beat would stop, and say nothing. */
    void look() {
        List<Resident> leaving = new ArrayList<>();
        try {
            gather(leaving);
        } catch (RuntimeException e) {
            LOG.error("Which models are idle could not be told; it is looked again", e);
        } finally {
            free(leaving);
        }
    }

    private synchronized void gather(List<Resident> leaving) {
        for (Resident resident : residents) {
            if (resident.state() == Models.State.READY && !resident.busy() && overdue(resident)
                    && resident.vacate("it was unloaded, since nobody asked for it; a request loads it again")) {
                leaving.add(resident);
                LOG.info("Model {} is unloaded: nobody asked for it since {}", resident.name(), resident.lastUse());
            }
        }
    }

    private boolean overdue(Resident resident) {
        Models.Keeping keeping = keepings.of(resident.name());
        long seconds = keeping.keepAliveSeconds().orElse(rules.keepAliveSeconds());
        if (keeping.pinned() || seconds < 0) {
            return false;
        }
        Duration stays = Duration.ofSeconds(seconds);
        Duration least = resident.used() || stays.compareTo(FIRST_USE) > 0 ? stays : FIRST_USE;
        // Not the end of its stay: what may be configured, and is as good as for ever, ends beyond what an instant can be.
        return Duration.between(resident.lastUse(), clock.instant()).compareTo(least) >= 0;
    }

    /** Ends answers up to a limit, and frees the memory; on a thread of its own. */
    synchronized void unload(Resident resident) {
        if (resident.state() == Models.State.READY || resident.state() == Models.State.LOADING) {
            resident.dismiss();
            notifyAll();
            Thread.ofVirtual().name("alcove-unload-" + resident.name()).start(() -> end(resident));
        }
    }

    private void end(Resident resident) {
        try {
            end(resident, "it was unloaded by the administration; a request loads it again");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void end(Resident resident, String why) throws InterruptedException {
        try {
            resident.end(why);
        } finally {
            synchronized (this) {
                resident.gone();
                notifyAll();
            }
        }
    }

    /** A configuration is about to come for a model that may make others go; or it is not. */
    synchronized void want(String name, boolean comes) {
        if (comes) {
            wanted.add(name);
        } else {
            wanted.remove(name);
        }
    }

    synchronized boolean wants(String name) {
        return wanted.contains(name);
    }

    /** The model of that name; of several the first. */
    synchronized Optional<Resident> named(String name) {
        return residents.stream().filter(resident -> resident.name().equals(name)).findFirst();
    }

    synchronized List<Resident> all() {
        return List.copyOf(residents);
    }

    /** Bytes that models are counted with now. */
    synchronized long held() {
        return residents.stream().mapToLong(Resident::held).sum();
    }

    Optional<EngineMemory> predicted(Resident resident) {
        return resident.path().flatMap(path -> forecast.of(path, resident.order().key(), resident.order().engine()));
    }

    /** How its tokens are chosen where a request does not say it: as configured, else as its file recommends. */
    Optional<SamplingDefaults> sampling(Resident resident) {
        ModelLoad.Order order = resident.order();
        return resident.path().flatMap(it -> forecast.sampling(it, order.key(), order.engine())).map(order.sampling()::orElse);
    }

    ResidenceRules rules() {
        return rules;
    }

    Keepings keepings() {
        return keepings;
    }

    Forecast forecast() {
        return forecast;
    }
}
