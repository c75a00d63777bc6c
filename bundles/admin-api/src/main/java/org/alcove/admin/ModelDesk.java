package org.alcove.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.alcove.accounts.Role;
import org.alcove.api.control.Controller;
import org.alcove.api.worker.WorkerStatus;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Models: what is served, by whom, and with which conversation template for which reason. */
@Component(service = Desk.class)
public final class ModelDesk implements Desk {

    private final Controller controller;

    @Activate
    public ModelDesk(@Reference Controller controller) {
        this.controller = controller;
    }

    @Override
    public List<Route> routes() {
        return List.of(Route.see("models", Role.VIEWER, call -> models()));
    }

    private Route.Reply models() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        ArrayNode list = json.putArray("models");
        List<WorkerStatus> workers = controller.workers();
        controller.models().forEach(card -> {
            ObjectNode model = AdminJson.card(card);
            ArrayNode ids = model.putArray("workers");
            list.add(model);
            workers.stream().filter(worker -> worker.models().contains(card.name())).forEach(worker -> ids.add(worker.id()));
        });
        return Route.Reply.ok(json);
    }
}
