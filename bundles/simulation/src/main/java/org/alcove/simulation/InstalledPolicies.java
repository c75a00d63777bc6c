package org.alcove.simulation;

import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.alcove.api.scheduling.PolicyName;
import org.alcove.api.scheduling.SchedulingPolicy;
import org.osgi.framework.Constants;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;

/** The policies that are services, by name. Of the same name the one that {@code core} would take. */
@Component(service = InstalledPolicies.class)
public final class InstalledPolicies {

    private final ConcurrentMap<SchedulingPolicy, Installed> policies = new ConcurrentHashMap<>();

    /** Under which name, and which goes first of those with the same name. */
    private record Installed(String name, int ranking, long id) {
    }

    @Activate
    public InstalledPolicies() {
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void bind(SchedulingPolicy policy, Map<String, Object> properties) {
        if (properties.get(PolicyName.PROPERTY) instanceof String name) {
            policies.put(policy, new Installed(name,
                    properties.get(Constants.SERVICE_RANKING) instanceof Integer ranking ? ranking : 0,
                    properties.get(Constants.SERVICE_ID) instanceof Long id ? id : 0));
        }
    }

    void unbind(SchedulingPolicy policy) {
        policies.remove(policy);
    }

    /** All of them. */
    Map<String, SchedulingPolicy> byName() {
        Map<String, SchedulingPolicy> installed = new TreeMap<>();
        policies.entrySet().stream().sorted(Map.Entry.comparingByValue(
                Comparator.comparingInt(Installed::ranking).reversed().thenComparingLong(Installed::id)))
                .forEach(entry -> installed.putIfAbsent(entry.getValue().name(), entry.getKey()));
        return installed;
    }
}
