package org.alcove.admin;

import java.lang.reflect.InvocationTargetException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.alcove.api.kernel.QuantizationKernel;
import org.osgi.framework.Bundle;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;
import org.osgi.util.promise.Promise;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has kernels compute that are not the best, so that they can be compared: switches the components of the better ones off for a
 * while, one trial at a time. The registry of the room {@code weights} then takes the next best from the next layer on, as where
 * a plug-in goes. What is switched off comes back when the trial ends, when its time is over, and with the bundle: a switch
 * is not remembered over a restart.
 */
@Component(service = KernelTrials.class, immediate = true)
public final class KernelTrials {

    /** How long a trial takes at most where nothing else is said, and at most whatever is said. */
    static final int SECONDS = 60;
    static final int MOST_SECONDS = 600;

    private static final Logger LOG = LoggerFactory.getLogger(KernelTrials.class);
    private static final String NAME = "component.name";
    /** A kernel that computes a layer is let end it. */
    private static final Duration SETTLED = Duration.ofSeconds(10);

    private final ServiceComponentRuntime runtime;
    private final KernelTable table;
    private final InstantSource clock;
    private Trial running;

    /**
     * A trial.
     *
     * @param by who began it
     * @param before kernels by format as they are without it
     * @param off what it has switched off, the best last
     */
    record Trial(String by, String model, String tier, Instant until, Map<String, List<KernelTable.Served>> before,
            List<ComponentDescriptionDTO> off, CountDownLatch over) {
    }

    @Activate
    public KernelTrials(@Reference ServiceComponentRuntime runtime, @Reference KernelTable table) {
        this(runtime, table, InstantSource.system());
    }

    KernelTrials(ServiceComponentRuntime runtime, KernelTable table, InstantSource clock) {
        this.runtime = runtime;
        this.table = table;
        this.clock = clock;
    }

    synchronized Optional<Trial> running() {
        return Optional.ofNullable(running);
    }

    /** All kernels by format, best first, also those that a trial has switched off. */
    Map<String, List<KernelTable.Served>> kernels() {
        return running().map(Trial::before).orElseGet(table::byFormat);
    }

    /**
     * Has the best kernels of a tier compute the formats that it serves, instead of the trial that runs, if it is the same
     * person's.
     *
     * @param formats of the model's matrices
     * @throws AdminException if somebody else's trial runs, or no kernel of the tier serves one of the formats
     */
    synchronized Trial begin(String by, String model, List<String> formats, String tier, Duration time) {
        if (running != null && !running.by().equals(by)) {
            throw new AdminException(409, "busy", "kernels are being tried by " + running.by() + " until " + running.until()
                    + "; wait for that, or end it", Duration.between(clock.instant(), running.until()));
        }
        end();
        Map<String, List<KernelTable.Served>> before = table.byFormat();
        List<ComponentDescriptionDTO> better = better(formats, tier);
        Trial trial = new Trial(by, model, tier, clock.instant().plus(time), before, better, new CountDownLatch(1));
        running = trial;
        for (ComponentDescriptionDTO component : better) {
            await(runtime.disableComponent(component), component);
        }
        table.await(kernels -> formats.stream().allMatch(format -> !has(before, format, tier)
                || kernels.getOrDefault(format, List.of()).stream().findFirst().filter(best -> best.tier().equals(tier))
                .isPresent()), SETTLED);
        LOG.info("Kernels {} are tried by {} on the model {} for {} s at most; {} better ones are switched off", tier, by, model,
                time.toSeconds(), better.size());
        Thread.ofVirtual().name("alcove-kernel-trial").start(() -> watch(trial, time));
        return trial;
    }

    private static boolean has(Map<String, List<KernelTable.Served>> kernels, String format, String tier) {
        return kernels.getOrDefault(format, List.of()).stream().anyMatch(kernel -> kernel.tier().equals(tier));
    }

    /** The components of all that are better than the best of this tier, the best last, so that one change is seen. */
    private List<ComponentDescriptionDTO> better(List<String> formats, String tier) {
        Set<ServiceReference<QuantizationKernel>> better = new LinkedHashSet<>();
        Set<String> tiers = new TreeSet<>();
        boolean found = false;
        for (String format : formats) {
            List<ServiceReference<QuantizationKernel>> rivals = table.serving(format);
            rivals.forEach(rival -> tiers.add(KernelTable.tier(rival)));
            for (int i = 0; i < rivals.size(); i++) {
                if (KernelTable.tier(rivals.get(i)).equals(tier)) {
                    better.addAll(rivals.subList(0, i));
                    found = true;
                    break;
                }
            }
        }
        if (!found) {
            throw AdminException.conflict("no_such_kernel", "no kernel \"" + tier + "\" serves " + String.join(", ", formats)
                    + "; there are: " + String.join(", ", tiers));
        }
        return new ArrayList<>(better).reversed().stream().map(this::component).toList();
    }

    private ComponentDescriptionDTO component(ServiceReference<?> kernel) {
        Bundle bundle = kernel.getBundle();
        ComponentDescriptionDTO component = bundle != null && kernel.getProperty(NAME) instanceof String name
                ? runtime.getComponentDescriptionDTO(bundle, name) : null;
        if (component == null) {
            throw AdminException.conflict("not_a_component", "the kernel " + KernelTable.tier(kernel) + " of "
                    + (bundle == null ? "a bundle that is gone" : bundle.getSymbolicName())
                    + " is no component and cannot be switched off; stop its bundle to compare");
        }
        return component;
    }

    private void watch(Trial trial, Duration time) {
        try {
            if (!trial.over().await(time.toNanos(), TimeUnit.NANOSECONDS)) {
                expire(trial);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void expire(Trial trial) {
        if (running == trial) {
            LOG.info("The trial of the kernels {} by {} is over: its time has passed", trial.tier(), trial.by());
            end();
        }
    }

    /** Switches everything on again, the best first; nothing where no trial runs. */
    @Deactivate
    synchronized void end() {
        Trial trial = running;
        if (trial == null) {
            return;
        }
        running = null;
        trial.over().countDown();
        for (ComponentDescriptionDTO component : trial.off().reversed()) {
            await(runtime.enableComponent(component), component);
        }
        table.await(kernels -> kernels.equals(trial.before()), SETTLED);
    }

    /** A bundle that has gone meanwhile takes the switch with it. */
    private static void await(Promise<Void> done, ComponentDescriptionDTO component) {
        try {
            done.timeout(SETTLED.toMillis()).getValue();
        } catch (InvocationTargetException e) {
            LOG.warn("The kernel {} was not switched: {}", component.name, e.getCause().toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
