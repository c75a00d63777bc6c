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
 * {@code alcove:forget}, {@code alcove:policy} and {@code alcove:audit}. That shell finds them by their service properties.
 */
@Component(service = PlatformCommands.class, property = {"osgi.command.scope=alcove", "osgi.command.function=models",
    "osgi.command.function=load", "osgi.command.function=unload", "osgi.command.function=policy",
    "osgi.command.function=audit", "osgi.command.function=forget"})
public final class PlatformCommands {

    private static final int ENTRIES = 20;
    private static final long MEGABYTE = 1_000_000;

    private final Controller controller;
    private final Audit audit;
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

    /** Chooses a policy for all models; exceptions stay. */
    public String policy(String name) {
        return perform("policy.choose", name, () -> policies.choose(
                new PolicyConfiguration.Chosen(PolicyDesk.known(name, installed.get()), policies.chosen().perModel())));
    }

    /** The last changes, newest first. */
    public String audit() {
        return String.join("\n", audit.entries(OptionalLong.empty(), ENTRIES).stream().map(entry -> String.join("  ",
                entry.when().toString(), entry.who(), entry.what(), entry.subject(), entry.detail(), entry.outcome())).toList());
    }

    private String perform(String what, String subject, Deed deed) {
        String outcome = "failed";
        try {
            deed.perform();
            outcome = "done";
            return "done";
        } catch (AdminException refused) {
            outcome = "refused";
            return refused.getMessage();
        } catch (IOException e) {
            return e.toString();
        } finally {
            audit.record("the shell", "shell", what, subject, "", outcome);
        }
    }
}
