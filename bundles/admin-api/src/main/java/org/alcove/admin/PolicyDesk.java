package org.alcove.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.alcove.accounts.Role;
import org.alcove.api.control.Controller;
import org.alcove.api.scheduling.PolicyName;
import org.alcove.api.scheduling.SchedulingPolicy;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.cm.ConfigurationEvent;
import org.osgi.service.cm.ConfigurationListener;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;

/** Which scheduling policy chooses workers: seen, and chosen by configuration. */
@Component(service = {Desk.class, ConfigurationListener.class}, immediate = true)
public final class PolicyDesk implements Desk, ConfigurationListener {

    private static final Pattern MODEL = Pattern.compile("[^=\\p{Cntrl}]{1,200}");
    private static final String POLICY = "policy";
    private static final String PER_MODEL = "per_model";
    private static final Duration LONGEST = Duration.ofSeconds(2);
    private static final long LOOK_MILLIS = 10;

    private final Controller controller;
    private final PolicyConfiguration configuration;
    private final List<ServiceReference<SchedulingPolicy>> installed = new CopyOnWriteArrayList<>();
    private final Object changed = new Object();

    @Activate
    public PolicyDesk(@Reference Controller controller, @Reference ConfigurationAdmin admin, BundleContext context) {
        this(controller, new PolicyConfiguration(admin, DataFolder.of(context).resolve("policy.json")));
        configuration.changed();
    }

    PolicyDesk(Controller controller, PolicyConfiguration configuration) {
        this.controller = controller;
        this.configuration = configuration;
    }

    @Reference(service = SchedulingPolicy.class, cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void bind(ServiceReference<SchedulingPolicy> reference) {
        installed.add(reference);
    }

    void unbind(ServiceReference<SchedulingPolicy> reference) {
        installed.remove(reference);
    }

    @Override
    public void configurationEvent(ConfigurationEvent event) {
        if (event.getType() == ConfigurationEvent.CM_UPDATED && event.getPid().equals(PolicyConfiguration.CORE)) {
            configuration.changed();
            synchronized (changed) {
                changed.notifyAll();
            }
        }
    }

    @Override
    public List<Route> routes() {
        return List.of(Route.see(POLICY, Role.VIEWER, call -> Route.Reply.ok(json())),
                Route.change("PUT", POLICY, Role.OPERATOR, "policy.choose", this::choose));
    }

    private ObjectNode json() throws IOException {
        PolicyConfiguration.Chosen chosen = configuration.chosen();
        ObjectNode json = JsonNodeFactory.instance.objectNode().put(POLICY, chosen.policy()).put("in_use", controller.policy());
        ObjectNode perModel = json.putObject(PER_MODEL);
        chosen.perModel().forEach(perModel::put);
        ArrayNode missing = json.putArray("missing");
        Stream.concat(Stream.of(chosen.policy()), chosen.perModel().values().stream()).distinct()
                .filter(name -> installed.stream().noneMatch(reference -> name(reference).equals(name))).forEach(missing::add);
        ArrayNode list = json.putArray("installed");
        installed.stream().sorted(Comparator.comparing(PolicyDesk::name)).forEach(reference -> list.addObject()
                .put("name", name(reference)).put("plugin", reference.getBundle() == null ? ""
                        : reference.getBundle().getSymbolicName())
                .put("version", reference.getBundle() == null ? "" : reference.getBundle().getVersion().toString()));
        return json;
    }

    static String name(ServiceReference<?> reference) {
        return String.valueOf(reference.getProperty(PolicyName.PROPERTY));
    }

    private Route.Reply choose(Call call) throws IOException {
        ObjectNode body = call.body(POLICY, PER_MODEL);
        String policy = known(Call.text(body, POLICY));
        Map<String, String> perModel = new TreeMap<>();
        if (body.hasNonNull(PER_MODEL)) {
            if (!body.get(PER_MODEL).isObject()) {
                throw AdminException.invalid("\"per_model\" must be an object of models with their policies");
            }
            for (Map.Entry<String, JsonNode> entry : body.get(PER_MODEL).properties()) {
                if (!MODEL.matcher(entry.getKey()).matches() || !entry.getValue().isTextual()) {
                    throw AdminException.invalid("\"per_model\" must have names of models without = and names of policies");
                }
                perModel.put(entry.getKey(), known(entry.getValue().textValue()));
            }
        }
        call.tell(policy, perModel.isEmpty() ? "" : perModel.toString());
        PolicyConfiguration.Chosen chosen = new PolicyConfiguration.Chosen(policy, perModel);
        configuration.choose(chosen);
        awaitUse(chosen);
        return Route.Reply.ok(json());
    }

    /** Config Admin tells core on a thread of its own; whoever is answered is to find the choice in use. */
    private void awaitUse(PolicyConfiguration.Chosen chosen) {
        long end = System.nanoTime() + LONGEST.toNanos();
        try {
            synchronized (changed) {
                while (!controller.policy().equals(chosen.told()) && System.nanoTime() < end) {
                    // Core may be told after us: look again soon.
                    changed.wait(LOOK_MILLIS);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private String known(String policy) {
        return known(policy, installed.stream().map(PolicyDesk::name).toList());
    }

    /**
     * The name of a policy that is installed.
     *
     * @throws AdminException if there is none of this name; names those that there are
     */
    static String known(String policy, Collection<String> installed) {
        if (!installed.contains(policy)) {
            throw new AdminException(422, "unknown_policy", "no scheduling policy of this name is installed; installed: "
                    + (installed.isEmpty() ? "none" : String.join(", ", new TreeSet<>(installed))));
        }
        return policy;
    }
}
