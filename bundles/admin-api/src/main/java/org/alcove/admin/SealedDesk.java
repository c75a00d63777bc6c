package org.alcove.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.alcove.accounts.Role;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * A sealed process: what was measured, the one way in that is left, and no to every other change of bundles, models and
 * configurations. The launcher publishes what this needs in a sealed process alone; elsewhere this desk is never there.
 */
@Component
public final class SealedDesk implements Desk {

    private static final String INSTALL = "sealed.install";
    private static final String SIGNATURE = "Alcove-Signature";

    /** Changes that leave alone what runs and how: people, keys, and which workers take requests. */
    private static final Set<String> HARMLESS = Set.of("worker", "account", "password", "key", "session", "sealed");

    private final BiFunction<byte[], byte[], Map<String, String>> installer;
    private final Supplier<List<Map<String, String>>> measured;

    @Activate
    public SealedDesk(@Reference(target = "(alcove.sealed=install)") BiFunction<byte[], byte[], Map<String, String>> installer,
            @Reference(target = "(alcove.sealed=bundles)") Supplier<List<Map<String, String>>> measured) {
        this.installer = installer;
        this.measured = measured;
    }

    @Override
    public List<Route> routes() {
        return List.of(Route.see("sealed", Role.VIEWER, call -> list()),
                Route.change("POST", "sealed/plugins", Role.ADMIN, INSTALL, this::install));
    }

    @Override
    public Optional<AdminException> refusal(Route route) {
        String deed = route.deed();
        boolean harmless = HARMLESS.contains(deed.substring(0, Math.max(0, deed.indexOf('.')))) || deed.equals("policy.simulate");
        if (deed.isEmpty() || harmless) {
            return Optional.empty();
        }
        return Optional.of(new AdminException(403, "sealed", "this process is sealed: bundles, models and configurations stay as"
                + " they were measured; a signed plug-in that the sealed policy lists goes to POST /admin/api/sealed/plugins"));
    }

    private Route.Reply list() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        ArrayNode list = json.putArray("bundles");
        measured.get().forEach(bundle -> list.add(json(bundle)));
        return Route.Reply.ok(json);
    }

    private Route.Reply install(Call call) throws IOException {
        byte[] jar = call.input().readNBytes(PluginFiles.MOST_BYTES + 1);
        if (jar.length > PluginFiles.MOST_BYTES) {
            throw new AdminException(413, "too_large", "the jar has more than " + PluginFiles.MOST_BYTES + " bytes");
        }
        String signature = call.request().getHeader(SIGNATURE);
        try {
            Map<String, String> bundle = installer.apply(jar,
                    signature == null ? new byte[0] : signature.getBytes(StandardCharsets.US_ASCII));
            call.tell(bundle.get("name"), bundle.get("version") + ", signed by " + bundle.get("signer"));
            return new Route.Reply(201, json(bundle));
        } catch (SecurityException refused) {
            throw new AdminException(403, "not_admitted", refused.getMessage() + (signature == null
                    ? " (header " + SIGNATURE + ", as ./alcove sign writes it into the file of the signature)" : ""));
        } catch (IllegalStateException failure) {
            throw new AdminException(422, "not_installed", "the jar cannot be installed: " + failure.getMessage());
        }
    }

    private static ObjectNode json(Map<String, String> bundle) {
        return JsonNodeFactory.instance.objectNode().put("name", bundle.get("name")).put("version", bundle.get("version"))
                .put("sha256", bundle.get("sha256")).put("signer", bundle.get("signer"));
    }
}
