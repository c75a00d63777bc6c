package org.alcove.ranked;

import java.util.Comparator;
import java.util.Optional;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;

/**
 * Where a service comes from.
 *
 * @param id number of the service; grows in the order of registration
 * @param ranking of services of one name the highest is used, of equals the first
 * @param bundle name and version of its bundle, to blame
 */
public record Origin(long id, int ranking, String bundle) {

    static final Comparator<Origin> BEST_FIRST =
            Comparator.comparingInt(Origin::ranking).reversed().thenComparingLong(Origin::id);

    /** Where this one comes from. */
    public static Origin of(ServiceReference<?> reference) {
        Bundle bundle = reference.getBundle();
        return new Origin(reference.getProperty(Constants.SERVICE_ID) instanceof Long id ? id : 0,
                reference.getProperty(Constants.SERVICE_RANKING) instanceof Integer ranking ? ranking : 0,
                bundle == null ? "unknown" : bundle.getSymbolicName() + " " + bundle.getVersion());
    }

    /** The name a service carries in this property; empty where it carries none. */
    public static Optional<String> name(ServiceReference<?> reference, String property) {
        return reference.getProperty(property) instanceof String name && !name.isBlank() ? Optional.of(name) : Optional.empty();
    }
}
