package org.alcove.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.alcove.accounts.Role;
import org.alcove.api.control.Controller;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Kernels: which are installed, which compute, and for a while, which shall, to compare them on the same model. */
@Component(service = Desk.class)
public final class KernelDesk implements Desk {

    private static final String PATH = "kernels";
    private static final String TRIAL = "kernels/trial";
    private static final String DEED = "kernel.trial";

    private final Controller controller;
    private final KernelTable table;
    private final KernelTrials trials;

    @Activate
    public KernelDesk(@Reference Controller controller, @Reference KernelTable table, @Reference KernelTrials trials) {
        this.controller = controller;
        this.table = table;
        this.trials = trials;
    }

    @Override
    public List<Route> routes() {
        return List.of(Route.see(PATH, Role.VIEWER, call -> Route.Reply.ok(list())),
                Route.change("POST", TRIAL, Role.OPERATOR, DEED, this::begin),
                Route.order("DELETE", TRIAL, Role.OPERATOR, DEED, call -> {
                    trials.end();
                    return Route.Reply.ok(list());
                }));
    }

    private Route.Reply begin(Call call) throws IOException {
        ObjectNode body = call.body("model", "tier", "seconds");
        String model = Call.text(body, "model");
        String tier = Call.text(body, "tier");
        int seconds = Call.number(body, "seconds", KernelTrials.SECONDS, 1, KernelTrials.MOST_SECONDS);
        call.tell(model, tier + ", " + seconds + " s");
        List<String> formats = formats(controller, model);
        trials.begin(call.caller().name(), model, formats, tier, Duration.ofSeconds(seconds));
        ObjectNode json = list();
        json.set("computed_by", computing(formats));
        return Route.Reply.ok(json);
    }

    /**
     * Formats of a model that a worker of this process serves.
     *
     * @throws AdminException if there is no such worker
     */
    static List<String> formats(Controller controller, String model) {
        return controller.cards().entrySet().stream().filter(card -> card.getKey().startsWith(AdminJson.LOCAL)
                && card.getValue().name().equals(model)).findFirst().map(card -> AdminJson.formats(card.getValue()).toList())
                .orElseThrow(() -> AdminException.conflict("not_here", "no worker of this process serves the model; load it"
                        + " first, and ask where it is served"));
    }

    private ArrayNode computing(List<String> formats) {
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        Map<String, List<KernelTable.Served>> kernels = table.byFormat();
        formats.stream().filter(kernels::containsKey).map(format -> kernels.get(format).getFirst())
                .forEach(kernel -> list.add(json(kernel)));
        return list;
    }

    private ObjectNode list() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        ArrayNode list = json.putArray(PATH);
        trials.kernels().values().forEach(kernels -> kernels.forEach(kernel ->
                list.add(json(kernel).put("ranking", kernel.ranking()).put("in_use", table.computes(kernel)))));
        trials.running().ifPresentOrElse(trial -> json.putObject("trial").put("by", trial.by()).put("model", trial.model())
                .put("tier", trial.tier()).put("until", trial.until().toString()), () -> json.putNull("trial"));
        return json;
    }

    private static ObjectNode json(KernelTable.Served kernel) {
        return JsonNodeFactory.instance.objectNode().put("format", kernel.format()).put("tier", kernel.tier())
                .put("plugin", kernel.plugin());
    }
}
