package org.alcove.admin;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.alcove.accounts.Audit;
import org.alcove.api.control.Controller;
import org.alcove.api.control.Models;
import org.alcove.api.scheduling.SchedulingPolicy;
import org.alcove.api.worker.RequestException;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * Commands of the framework's shell beside those for workers: {@code alcove:models}, {@code alcove:load}, {@code alcove:unload},
 * {@code alcove:keep}, {@code alcove:forget}, {@code alcove:policy}, {@code alcove:dispatches} and {@code alcove:audit}. That
 * shell finds them by their service properties.
 */
@Component(service = PlatformCommands.class, property = {"osgi.command.scope=alcove", "osgi.command.function=models",
    "osgi.command.function=load", "osgi.command.function=unload", "osgi.command.function=keep",
    "osgi.command.function=policy", "osgi.command.function=dispatches", "osgi.command.function=audit",
    "osgi.command.function=forget"})
public final class PlatformCommands {

    private static final int ENTRIES = 20;
    private static final long MEGABYTE = 1_000_000;

    private final Controller controller;
    private final Audit audit;
    private final ShellDeeds deeds;
    private final Models models;
    private final ModelShelf shelf;
    private final PolicyConfiguration policies;
    private final Supplier<Collection<String>> installed;

    @Activate
    public PlatformCommands(@Reference Controller controller, @Reference Audit audit, @Reference Models models,
            @Reference ConfigurationAdmin admin, BundleContext context) {
        this(controller, audit, models, ModelDesk.shelf(admin, context),
                new PolicyConfiguration(admin, DataFolder.of(context).resolve("policy.json")), () -> installed(context));
    }

    PlatformCommands(Controller controller, Audit audit, Models models, ModelShelf shelf,
            PolicyConfiguration policies, Supplier<Collection<String>> installed) {
        this.controller = controller;
        this.audit = audit;
        this.deeds = new ShellDeeds(audit);
        this.models = models;
        this.shelf = shelf;
        this.policies = policies;
        this.installed = installed;
    }

    private static Collection<String> installed(BundleContext context) {
        try {
            return context.getServiceReferences(SchedulingPolicy.class, null).stream().map(PolicyDesk::name).toList();
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private interface Deed {
        void perform() throws IOException;
    }

    /** One line for each model. */
    public String models() throws IOException {
        Map<String, String> lines = new TreeMap<>();
        shelf.books().values().forEach(book -> lines.put(book.name(), book.configured() ? "configured" : "unloaded"));
        controller.workers().forEach(worker -> worker.models().forEach(model -> lines.put(model, "at " + worker.id())));
        models.all().forEach(model -> lines.merge(model.name(), memory(model), (state, memory) -> state + ", " + memory));
        List<String> all = new ArrayList<>();
        lines.forEach((name, state) -> all.add(String.format("%-40s %s", name, state)));
        return String.join("\n", all);
    }

    private static String memory(Models.Model model) {
        String bytes = model.predicted().map(memory -> memory.total() / MEGABYTE + " MB").orElse("memory unknown");
        return model.state().name().toLowerCase(Locale.ROOT) + (model.keeping().pinned() ? ", pinned" : "") + ", " + bytes
                + model.lastUse().map(when -> ", last used " + when).orElse("");
    }

    /** Loads a model of the models folder. */
    public String load(String model) {
        return perform("model.load", model, () -> new ModelOrders(models, shelf).load(model));
    }

    /** Unloads a model that was loaded by the administration. */
    public String unload(String model) {
        return perform("model.unload", model, () -> new ModelOrders(models, shelf).unload(model));
    }

    /** How long a model stays in memory: {@code pinned}, {@code unpinned}, {@code default}, or seconds, -1 for ever. */
    public String keep(String model, String how) {
        return deeds.perform("model.keep", model, how, () -> {
            Models.Keeping before = models.named(model).orElseThrow(() -> AdminException.unknown("this process has no model of"
                    + " this name; what workers elsewhere keep is said where they run")).keeping();
            Models.Keeping next = switch (how) {
                case "pinned", "unpinned" -> new Models.Keeping(how.equals("pinned"), before.keepAliveSeconds());
                case "default" -> new Models.Keeping(before.pinned(), OptionalLong.empty());
                default -> new Models.Keeping(before.pinned(), OptionalLong.of(ShellDeeds.number(how, -1, Integer.MAX_VALUE,
                        "how long it stays is pinned, unpinned, default, or seconds; these")));
            };
            ModelOrders.order(() -> models.keep(model, next));
            return memory(models.named(model).orElseThrow());
        });
    }

    /** Forgets the process of a worker elsewhere; if it still runs it registers anew with its next beat. */
    public String forget(String worker) {
        return perform("worker.remove", worker, () -> {
            try {
                controller.dismiss(worker);
            } catch (NoSuchElementException | RequestException e) {
                throw AdminException.conflict("not_forgotten", e.getMessage());
            }
        });
    }

    /** The policy in use. */
    public String policy() {
        return controller.policy();
    }

    /**
     * Chooses a policy for all models.
     *
     * @param exceptions {@code MODEL=POLICY} for another one for a model, {@code MODEL=} for the same again; others stay
     */
    public String policy(String name, String... exceptions) {
        return deeds.perform("policy.choose", name, String.join(" ", exceptions), () -> {
            String chosen = PolicyDesk.known(name, installed.get());
            Map<String, String> perModel = new TreeMap<>(policies.chosen().perModel());
            for (String exception : exceptions) {
                int equals = exception.lastIndexOf('=');
                if (equals < 1) {
                    throw AdminException.invalid(exception + " makes no sense: give MODEL=POLICY, or MODEL= for none of its own");
                }
                String model = exception.substring(0, equals);
                String own = exception.substring(equals + 1);
                perModel.remove(model);
                if (!own.isEmpty()) {
                    perModel.put(model, PolicyDesk.known(own, installed.get()));
                }
            }
            policies.choose(new PolicyConfiguration.Chosen(chosen, perModel));
            return "done";
        });
    }

    /** The last requests, newest first, with the worker that was chosen and why. */
    public String dispatches() {
        return String.join("\n", controller.dispatches().stream().limit(ENTRIES).map(dispatch -> String.join("  ",
                dispatch.when().toString(), dispatch.request(), dispatch.model(), dispatch.chosen(), dispatch.policy(),
                dispatch.reason())).toList());
    }

    /** The last changes, newest first. */
    public String audit() {
        return String.join("\n", audit.entries(OptionalLong.empty(), ENTRIES).stream().map(entry -> String.join("  ",
                entry.when().toString(), entry.who(), entry.what(), entry.subject(), entry.detail(), entry.outcome())).toList());
    }

    private String perform(String what, String subject, Deed deed) {
        return deeds.perform(what, subject, "", () -> {
            deed.perform();
            return "done";
        });
    }
}
