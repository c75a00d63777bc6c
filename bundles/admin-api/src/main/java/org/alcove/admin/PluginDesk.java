package org.alcove.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.alcove.accounts.Role;
import org.alcove.api.control.Controller;
import org.alcove.api.control.RequestObserver;
import org.alcove.api.guard.Guards;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Plug-ins: what is installed and who uses it; installing, updating, taking back and removing. */
@Component(service = {Desk.class, RequestObserver.class, PluginDesk.class})
public final class PluginDesk implements Desk, RequestObserver {

    private static final Logger LOG = LoggerFactory.getLogger(PluginDesk.class);
    private static final String PLUGINS = "plugins";

    private final BundleContext context;
    private final Guards guards;
    private final Controller controller;
    private final PluginFiles files;
    private final PluginInstallation installation;
    private final PluginRequests requests;
    private final ExecutorService counting = Executors.newSingleThreadExecutor(Thread.ofVirtual().factory());

    @Activate
    public PluginDesk(BundleContext context, @Reference Controller controller, @Reference Guards guards,
            @Reference ServiceComponentRuntime runtime,
            @Reference(target = "(alcove.plugins=turns)", cardinality = ReferenceCardinality.OPTIONAL)
                    Supplier<Map<String, Duration>> turns) {
        this.context = context;
        this.guards = guards;
        this.controller = controller;
        this.files = new PluginFiles(watched(context), DataFolder.of(context).resolve(PLUGINS));
        this.requests = new PluginRequests(this::users, System::nanoTime, counting);
        this.installation = new PluginInstallation(context, files, new PluginComponents(runtime),
                turns == null ? Map::of : turns, PluginInstallation.LONGEST);
        try {
            files.sweep();
        } catch (IOException | RuntimeException e) {
            LOG.warn("What is left of jars that were on their way cannot be deleted: {}", e.toString());
        }
    }

    @Deactivate
    void end() {
        counting.close();
    }

    /** The last folder that File Install watches; the others hold configuration. */
    private static Path watched(BundleContext context) {
        String folders = context.getProperty("felix.fileinstall.dir");
        String last = folders == null ? PLUGINS : folders.substring(folders.lastIndexOf(',') + 1);
        return Path.of(last.strip()).toAbsolutePath().normalize();
    }

    @Override
    public List<Route> routes() {
        return List.of(Route.see(PLUGINS, Role.VIEWER, call -> Route.Reply.ok(plugins())),
                Route.change("POST", PLUGINS, Role.ADMIN, "plugin.install", this::install),
                Route.change("DELETE", "plugins/*", Role.ADMIN, "plugin.remove", this::remove),
                Route.change("POST", "plugins/*/rollback", Role.ADMIN, "plugin.rollback", this::rollback),
                Route.see("plugins/*/impact", Role.VIEWER, this::impact));
    }

    @Override
    public void ended(RequestObserver.Record record) {
        requests.ended(record);
    }

    /** Plug-ins that serve each model at present, by symbolic name. */
    private Map<String, Set<String>> users() {
        Map<String, Set<String>> users = new HashMap<>();
        PluginCatalogue catalogue = catalogue();
        catalogue.bundles(files.folder()).forEach(bundle -> catalogue.offers(bundle).stream()
                .filter(PluginCatalogue.Offer::inUse).forEach(offer -> offer.users().forEach(model ->
                        users.computeIfAbsent(model, key -> new HashSet<>()).add(bundle.getSymbolicName()))));
        return users;
    }

    /** What is installed, and of which plug-ins that were removed a jar is kept. */
    ObjectNode plugins() throws IOException {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        ArrayNode list = json.putArray(PLUGINS);
        PluginCatalogue catalogue = catalogue();
        List<Bundle> bundles = catalogue.bundles(files.folder());
        for (Bundle bundle : bundles) {
            list.add(json(bundle, catalogue.offers(bundle)));
        }
        ArrayNode removed = json.putArray("removed");
        for (Path jar : files.allKept()) {
            PluginFiles.Description description = PluginFiles.describe(jar);
            if (bundles.stream().noneMatch(bundle -> bundle.getSymbolicName().equals(description.id()))) {
                removed.addObject().put("id", description.id()).put("version", description.version().toString());
            }
        }
        return json;
    }

    private ObjectNode json(Bundle bundle) throws IOException {
        return json(bundle, catalogue().offers(bundle));
    }

    private ObjectNode json(Bundle bundle, List<PluginCatalogue.Offer> offers) throws IOException {
        Optional<Path> file = PluginCatalogue.file(bundle);
        String title = bundle.getHeaders().get("Bundle-Name");
        ObjectNode json = JsonNodeFactory.instance.objectNode().put("id", bundle.getSymbolicName())
                .put("name", title == null ? bundle.getSymbolicName() : title).put("version", bundle.getVersion().toString())
                .put("state", state(bundle));
        ArrayNode kinds = json.putArray("kinds");
        offers.stream().map(offer -> offer.kind().word()).distinct().sorted().forEach(kinds::add);
        if (kinds.isEmpty()) {
            kinds.add("other");
        }
        json.put("removable", removable(bundle)).put("file", file.map(path -> path.getFileName().toString()).orElse(""))
                .put("bytes", file.isPresent() && Files.exists(file.get()) ? Files.size(file.get()) : 0)
                .put("requests", requests.count(bundle.getSymbolicName()))
                .put("since", Instant.ofEpochMilli(bundle.getLastModified()).toString());
        Optional<Path> previous = files.previous(bundle.getSymbolicName());
        if (previous.isPresent()) {
            json.put("previous", PluginFiles.describe(previous.get()).version().toString());
        } else {
            json.putNull("previous");
        }
        ArrayNode provides = json.putArray("provides");
        offers.forEach(offer -> {
            ObjectNode node = provides.addObject().put("kind", offer.kind().word()).put("name", offer.name())
                    .put("tier", offer.tier()).put("in_use", offer.inUse());
            ArrayNode users = node.putArray("used_by");
            if (offer.best()) {
                offer.users().forEach(users::add);
            }
            if (offer.kind() == PluginCatalogue.Kind.GUARD) {
                node.put("refused", guards.figures().stream().filter(figures -> figures.guard().equals(offer.name()))
                        .mapToLong(figures -> figures.refused() + figures.ended()).sum());
            }
        });
        return json;
    }

    static String state(Bundle bundle) {
        return switch (bundle.getState()) {
            case Bundle.ACTIVE -> "active";
            case Bundle.STARTING -> "starting";
            case Bundle.STOPPING -> "stopping";
            case Bundle.RESOLVED -> "resolved";
            default -> "installed";
        };
    }

    /** This bundle would cut off the branch on which it sits. */
    private boolean removable(Bundle bundle) {
        return !bundle.equals(context.getBundle()) && PluginCatalogue.inFolder(bundle, files.folder());
    }

    private PluginCatalogue catalogue() {
        return PluginCatalogue.of(context, controller);
    }

    private Bundle found(String id, PluginCatalogue catalogue) {
        return catalogue.bundles(files.folder()).stream().filter(bundle -> bundle.getSymbolicName().equals(id)).findFirst()
                .orElseThrow(() -> AdminException.unknown("there is no plug-in of this name"));
    }

    private Bundle changeable(String id) {
        return changeable(found(id, catalogue()));
    }

    private Route.Reply install(Call call) throws IOException {
        boolean update = call.query("update");
        String type = String.valueOf(call.request().getContentType()).toLowerCase(Locale.ROOT);
        if (!type.startsWith("application/java-archive") && !type.startsWith("application/octet-stream")) {
            throw new AdminException(415, "wrong_type", "the body must be a jar, sent as application/java-archive");
        }
        Path jar = files.receive(call.input());
        try {
            PluginFiles.Description description = PluginFiles.describe(jar);
            call.tell(description.id(), description.version().toString());
            Optional<Bundle> there = installation.named(description.id());
            if (there.isPresent()) {
                Bundle old = changeable(there.get());
                if (!update) {
                    throw AdminException.conflict("name_taken", description.id() + " " + old.getVersion()
                            + " is installed; say update=true to replace it by " + description.version());
                }
            }
            return new Route.Reply(201, json(installation.install(description, jar, description.id() + ".jar", there)));
        } finally {
            Files.deleteIfExists(jar);
        }
    }

    private Bundle changeable(Bundle bundle) {
        if (!removable(bundle)) {
            throw AdminException.conflict("part_of_the_product", "the bundle " + bundle.getSymbolicName() + " "
                    + bundle.getVersion() + " is a part of the product and comes and goes with it");
        }
        files.requireOne(bundle.getSymbolicName());
        return bundle;
    }

    private Route.Reply remove(Call call) throws IOException {
        remove(call.star(), call::tell);
        return Route.Reply.ok(JsonNodeFactory.instance.objectNode());
    }

    /**
     * Removes a plug-in; its jar is kept.
     *
     * @param told is given what is removed, and its version
     */
    void remove(String id, BiConsumer<String, String> told) throws IOException {
        Bundle bundle = changeable(id);
        told.accept(id, bundle.getVersion().toString());
        installation.remove(bundle);
    }

    private Route.Reply rollback(Call call) throws IOException {
        return Route.Reply.ok(rollBack(call.star(), call::tell));
    }

    /**
     * Puts back the jar that was there before.
     *
     * @param told is given what is put back, and both versions
     */
    ObjectNode rollBack(String id, BiConsumer<String, String> told) throws IOException {
        Optional<Bundle> there = installation.named(id);
        there.ifPresent(this::changeable);
        Path previous = files.previous(id).orElseThrow(() -> there.isPresent()
                ? AdminException.conflict("no_previous", "no jar from before is kept for " + id)
                : AdminException.unknown("there is no plug-in of this name"));
        PluginFiles.Description description = PluginFiles.describe(previous);
        told.accept(id, there.map(bundle -> bundle.getVersion() + " to ").orElse("") + description.version());
        Path copy;
        try (InputStream in = Files.newInputStream(previous)) {
            copy = files.receive(in);
        }
        try {
            return json(installation.install(description, copy, previous.getFileName().toString(), there));
        } finally {
            Files.deleteIfExists(copy);
        }
    }

    private Route.Reply impact(Call call) {
        List<Impact.Effect> effects = effects(call.star());
        ObjectNode json = JsonNodeFactory.instance.objectNode().put("id", call.star())
                .put("harmless", effects.stream().allMatch(effect -> effect.severity().equals("none")));
        ArrayNode list = json.putArray("effects");
        effects.forEach(effect -> list.addObject()
                .put("severity", effect.severity()).put("subject", effect.subject()).put("text", effect.text()));
        return Route.Reply.ok(json);
    }

    /** What would come of it if a plug-in were stopped. */
    List<Impact.Effect> effects(String id) {
        PluginCatalogue catalogue = catalogue();
        return Impact.of(catalogue.offers(found(id, catalogue)), guards.required());
    }
}
