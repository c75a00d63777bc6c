package org.alcove.weights.machine;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.alcove.nativelibrary.ProcessorFlags;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.condition.Condition;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Registers a {@link Condition} for each feature of this machine, with the feature's name as {@code osgi.condition.id}. A
 * configured feature is withdrawn, and with it every kernel whose component waits for it.
 */
@Component(service = MachineFeatures.class, immediate = true, configurationPid = MachineFeatures.PID)
@Designate(ocd = MachineConfiguration.class)
public final class MachineFeatures {

    /** Configuration PID. */
    public static final String PID = "org.alcove.weights.machine";

    private static final Logger LOG = LoggerFactory.getLogger(MachineFeatures.class);

    /** All that can be disabled, on this machine or another. */
    private static final Set<String> KNOWN = Stream.concat(CpuFeatures.names().stream(), Stream.of(VectorModule.FEATURE))
            .collect(Collectors.toCollection(TreeSet::new));

    private final BundleContext context;
    private final Set<String> present;
    private final Map<String, ServiceRegistration<Condition>> announced = new TreeMap<>();

    @Activate
    public MachineFeatures(BundleContext context, Map<String, Object> configuration) {
        this(context, configuration, detected(ProcessorFlags.LIST));
    }

    MachineFeatures(BundleContext context, Map<String, Object> configuration, Set<String> present) {
        this.context = context;
        this.present = present;
        LOG.info("This machine has {}", String.join(", ", present));
        apply(configuration);
    }

    /** Withdraws what the configuration disables and announces the rest. */
    @Modified
    synchronized void apply(Map<String, Object> configuration) {
        Set<String> disabled = disabled(configuration);
        for (String feature : disabled) {
            if (!KNOWN.contains(feature)) {
                LOG.warn("cpu.disabled names {}, which is no feature and has no effect; there are {}", feature,
                        String.join(", ", KNOWN));
            } else if (!present.contains(feature)) {
                LOG.info("Feature {} is disabled, but this machine does not have it", feature);
            }
            ServiceRegistration<Condition> registration = announced.remove(feature);
            if (registration != null) {
                registration.unregister();
                LOG.info("Feature {} is withdrawn, as configured", feature);
            }
        }
        for (String feature : present) {
            if (!disabled.contains(feature)) {
                announced.computeIfAbsent(feature, this::register);
            }
        }
    }

    @Deactivate
    synchronized void withdraw() {
        announced.values().forEach(ServiceRegistration::unregister);
        announced.clear();
    }

    private ServiceRegistration<Condition> register(String feature) {
        return context.registerService(Condition.class, Condition.INSTANCE,
                FrameworkUtil.asDictionary(Map.of(Condition.CONDITION_ID, feature)));
    }

    private static Set<String> detected(Path cpuinfo) {
        Set<String> features = new TreeSet<>(CpuFeatures.read(cpuinfo));
        if (VectorModule.isUsable()) {
            features.add(VectorModule.FEATURE);
        }
        return features;
    }

    /** The property is {@code cpu.disabled}; {@code cpu_disabled}, as the house spells other properties, means the same. */
    private static Set<String> disabled(Map<String, Object> configuration) {
        Set<String> features = new TreeSet<>();
        for (String key : new String[] {"cpu.disabled", "cpu_disabled"}) {
            switch (configuration.get(key)) {
                case String text -> features.addAll(Arrays.asList(text.trim().split("[,\\s]+")));
                case String[] many -> features.addAll(Arrays.asList(many));
                case Collection<?> many -> many.forEach(one -> features.add(String.valueOf(one)));
                case null -> {
                }
                case Object other -> LOG.warn("{} is {}, of type {}, and has no effect; names of features are wanted, for "
                        + "example [\"cpu.fma\"]", key, other, other.getClass().getSimpleName());
            }
        }
        features.remove("");
        return features;
    }
}
