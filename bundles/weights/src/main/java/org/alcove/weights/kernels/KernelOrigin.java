package org.alcove.weights.kernels;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.alcove.api.kernel.QuantizationFormat;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;

/**
 * Where a kernel comes from and what it announces.
 *
 * @param id number that tells kernels apart; of equal rankings the lower one is preferred, as in the service registry
 * @param ranking the higher, the better
 * @param formats formats it announces
 * @param tier kind of implementation, for people
 * @param bundle name and version of its bundle, to blame
 */
record KernelOrigin(long id, int ranking, Set<String> formats, String tier, String bundle) implements Comparable<KernelOrigin> {

    static KernelOrigin of(ServiceReference<?> reference) {
        Bundle bundle = reference.getBundle();
        return new KernelOrigin(reference.getProperty(Constants.SERVICE_ID) instanceof Long id ? id : 0,
                reference.getProperty(Constants.SERVICE_RANKING) instanceof Integer ranking ? ranking : 0,
                texts(reference.getProperty(QuantizationFormat.PROPERTY)),
                reference.getProperty(QuantizationFormat.TIER) instanceof String tier ? tier : "no tier given",
                bundle == null ? "unknown" : bundle.getSymbolicName() + " " + bundle.getVersion());
    }

    /** Best first. */
    @Override
    public int compareTo(KernelOrigin other) {
        return ranking == other.ranking ? Long.compare(id, other.id) : Integer.compare(other.ranking, ranking);
    }

    private static Set<String> texts(Object property) {
        return switch (property) {
            case String text -> Set.of(text);
            case String[] many -> Set.copyOf(List.of(many));
            case Collection<?> many -> Set.copyOf(many.stream().map(String::valueOf).toList());
            case null, default -> Set.of();
        };
    }
}
