package org.alcove.evidence;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.alcove.cluster.wire.Json;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;

/**
 * Which bundles were admitted to a sealed process, as its launcher tells it: the services with {@code alcove.sealed=bundles},
 * which says in {@code alcove.sealed.register} where they were measured, and with {@code alcove.sealed=events}. Other processes
 * have none.
 *
 * @param policy SHA-256 of the sealed policy, in hex
 * @param register {@code rtmr_3}, or {@code none} where the machine remembers nothing
 * @param bundles name, version, sha256 and signer of each, in the order in which they were measured
 * @param events texts of all events since the machine started of which its own log does not know
 */
record SealedList(String policy, String register, Supplier<List<Map<String, String>>> bundles,
        Supplier<List<String>> events) {

    static Optional<SealedList> of(BundleContext context) {
        return reference(context, "bundles").map(bundles -> new SealedList(
                String.valueOf(bundles.getProperty("alcove.sealed.policy")),
                String.valueOf(bundles.getProperty("alcove.sealed.register")), service(context, bundles),
                reference(context, "events").map(events -> SealedList.<String>service(context, events)).orElse(List::of)));
    }

    @SuppressWarnings("rawtypes")
    private static Optional<ServiceReference<Supplier>> reference(BundleContext context, String what) {
        try {
            return context.getServiceReferences(Supplier.class, "(alcove.sealed=" + what + ")").stream().findFirst();
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    @SuppressWarnings({"rawtypes", "unchecked"})
    private static <T> Supplier<List<T>> service(BundleContext context, ServiceReference<Supplier> reference) {
        return context.getService(reference);
    }

    /** What the claims say. */
    ObjectNode json() {
        ObjectNode json = Json.object().put("policy_sha256", policy).put("register", register);
        ArrayNode list = json.putArray("bundles");
        bundles.get().forEach(bundle -> list.addObject().put("name", bundle.get("name")).put("version", bundle.get("version"))
                .put("sha256", bundle.get("sha256")).put("signer", bundle.get("signer")));
        return json;
    }
}
