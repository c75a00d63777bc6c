package org.alcove.core;

import java.util.Optional;
import org.alcove.api.scheduling.PolicyName;
import org.alcove.api.scheduling.SchedulingPolicy;
import org.alcove.ranked.Origin;
import org.alcove.ranked.RankedServices;
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

    private final RankedServices<InstalledPolicy> policies = new RankedServices<>();

    @Activate
    public PolicyRegistry() {
    }

    @Reference(service = SchedulingPolicy.class, cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC,
            updated = "update", unbind = "unbind")
    void bind(SchedulingPolicy policy, ServiceReference<SchedulingPolicy> reference) {
        Origin origin = Origin.of(reference);
        Origin.name(reference, PolicyName.PROPERTY).ifPresentOrElse(name -> add(name, policy, origin), () -> LOG.error(
                "A scheduling policy of bundle {} has no name and is not used; annotate its component with @PolicyName",
                origin.bundle()));
    }

    void update(SchedulingPolicy policy, ServiceReference<SchedulingPolicy> reference) {
        remove(Origin.of(reference).id());
        bind(policy, reference);
    }

    void unbind(SchedulingPolicy policy, ServiceReference<SchedulingPolicy> reference) {
        remove(Origin.of(reference).id());
    }

    void add(String name, SchedulingPolicy policy, Origin origin) {
        policies.add(name, new InstalledPolicy(name, policy, origin), origin);
        LOG.info("Scheduling policy {} is there, from bundle {}", name, origin.bundle());
    }

    void remove(long id) {
        policies.remove(id).ifPresent(removed ->
                LOG.info("Scheduling policy {} goes, from bundle {}", removed.name(), removed.origin().bundle()));
    }

    /** The best of this name. */
    Optional<InstalledPolicy> named(String name) {
        return policies.named(name).map(RankedServices.Installed::service);
    }

    /** What to say where there is none of this name. */
    String missing(String name) {
        String installed = String.join(", ", policies.names());
        return "no scheduling policy named " + name + " is installed; installed: " + (installed.isEmpty() ? "none" : installed);
    }
}
