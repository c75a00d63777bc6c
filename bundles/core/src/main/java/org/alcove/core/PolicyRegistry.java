package org.alcove.core;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.alcove.api.scheduling.PolicyName;
import org.alcove.api.scheduling.SchedulingPolicy;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The policies there are, by name. Of several of one name the best ranking is used. */
@Component(service = PolicyRegistry.class)
public final class PolicyRegistry {

    private static final Logger LOG = LoggerFactory.getLogger(PolicyRegistry.class);
    private static final Comparator<InstalledPolicy> BEST_FIRST = Comparator
            .comparingInt((InstalledPolicy policy) -> policy.origin().ranking()).reversed()
            .thenComparingLong(policy -> policy.origin().id());

    /** Best first. Replaced whole, under the monitor. */
    private volatile List<InstalledPolicy> policies = List.of();

    @Activate
    public PolicyRegistry() {
    }

    @Reference(service = SchedulingPolicy.class, cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC,
            updated = "update", unbind = "unbind")
    void bind(SchedulingPolicy policy, ServiceReference<SchedulingPolicy> reference) {
        Origin origin = Origin.of(reference);
        if (reference.getProperty(PolicyName.PROPERTY) instanceof String name && !name.isBlank()) {
            add(name, policy, origin);
        } else {
            LOG.error("A scheduling policy of bundle {} has no name and is not used; annotate its component with @PolicyName",
                    origin.bundle());
        }
    }

    void update(SchedulingPolicy policy, ServiceReference<SchedulingPolicy> reference) {
        remove(Origin.of(reference).id());
        bind(policy, reference);
    }

    void unbind(SchedulingPolicy policy, ServiceReference<SchedulingPolicy> reference) {
        remove(Origin.of(reference).id());
    }

    synchronized void add(String name, SchedulingPolicy policy, Origin origin) {
        List<InstalledPolicy> next = new ArrayList<>(policies);
        next.add(new InstalledPolicy(name, policy, origin));
        next.sort(BEST_FIRST);
        policies = List.copyOf(next);
        LOG.info("Scheduling policy {} is there, from bundle {}", name, origin.bundle());
    }

    synchronized void remove(long id) {
        policies.stream().filter(policy -> policy.origin().id() == id).forEach(
                policy -> LOG.info("Scheduling policy {} goes, from bundle {}", policy.name(), policy.origin().bundle()));
        policies = policies.stream().filter(policy -> policy.origin().id() != id).toList();
    }

    /** The best of this name. */
    Optional<InstalledPolicy> named(String name) {
        return policies.stream().filter(policy -> policy.name().equals(name)).findFirst();
    }

    /** What to say where there is none of this name. */
    String missing(String name) {
        String installed = policies.stream().map(InstalledPolicy::name).distinct().sorted().collect(Collectors.joining(", "));
        return "no scheduling policy named " + name + " is installed; installed: " + (installed.isEmpty() ? "none" : installed);
    }
}
