package org.alcove.evidence;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.alcove.cluster.wire.Json;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;

/**
 * Which bundles were admitted to a sealed process, as its launcher tells it: the service with {@code alcove.sealed=bundles} and,
 * in {@code alcove.sealed.register}, where they were measured. Other processes have none.
 *
 * @param policy SHA-256 of the sealed policy, in hex
 * @param register {@code rtmr_3}, or {@code none} where the machine remembers nothing
 * @param bundles name, version, sha256 and signer of each, in the order in which they were measured
 */
record SealedList(String policy, String register, Supplier<List<Map<String, String>>> bundles) {

    private static final String RTMR_3 = "rtmr_3";

    @SuppressWarnings({"rawtypes", "unchecked"})
    static Optional<SealedList> of(BundleContext context) {
        try {
            Collection<ServiceReference<Supplier>> found =
                    context.getServiceReferences(Supplier.class, "(alcove.sealed=bundles)");
            return found.stream().findFirst().map(reference -> new SealedList(
                    String.valueOf(reference.getProperty("alcove.sealed.policy")),
                    String.valueOf(reference.getProperty("alcove.sealed.register")), context.getService(reference)));
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What the claims say. */
    ObjectNode json() {
        ObjectNode json = Json.object().put("policy_sha256", policy).put("register", register);
        ArrayNode list = json.putArray("bundles");
        bundles.get().forEach(bundle -> list.addObject().put("name", bundle.get("name")).put("version", bundle.get("version"))
                .put("sha256", bundle.get("sha256")).put("signer", bundle.get("signer")));
        return json;
    }

    /** What was extended to the register by this process itself, as texts of events; none where it was not. */
    List<String> events() {
        return !register.equals(RTMR_3) ? List.of() : bundles.get().stream().map(bundle -> "org.alcove bundle "
                + bundle.get("name") + " " + bundle.get("version") + " sha256:" + bundle.get("sha256")
                + (bundle.get("signer").isEmpty() ? "" : " " + bundle.get("signer"))).toList();
    }
}
