package org.alcove.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.alcove.accounts.Role;
import org.alcove.api.control.Controller;
import org.alcove.api.worker.ModelCard;
import org.alcove.api.worker.WorkerStatus;
import org.osgi.framework.BundleContext;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Models: what is served, by whom, and with which conversation template for which reason; loading and unloading. */
@Component(service = Desk.class, immediate = true)
public final class ModelDesk implements Desk {

    private final Controller controller;
    private final ModelShelf shelf;

    @Activate
    public ModelDesk(@Reference Controller controller, @Reference ConfigurationAdmin admin, BundleContext context) {
        this(controller, shelf(admin, context));
        shelf.restore();
    }

    ModelDesk(Controller controller, ModelShelf shelf) {
        this.controller = controller;
        this.shelf = shelf;
    }

    /** The folder {@code models} of the data folder. */
    static ModelShelf shelf(ConfigurationAdmin admin, BundleContext context) {
        return new ModelShelf(admin, context.getServiceReference(ConfigurationAdmin.class),
                DataFolder.of(context).resolveSibling("models"), DataFolder.of(context).resolve("models.json"));
    }

    @Override
    public List<Route> routes() {
        return List.of(Route.see("models", Role.VIEWER, call -> models()),
                Route.change("POST", "models/*/load", Role.OPERATOR, "model.load", call -> {
                    shelf.load(call.star());
                    return Route.Reply.ok(model(call.star()));
                }),
                Route.change("POST", "models/*/unload", Role.OPERATOR, "model.unload", call -> {
                    shelf.unload(call.star());
                    return Route.Reply.ok(model(call.star()));
                }));
    }

    private Route.Reply models() throws IOException {
        TreeSet<String> names = new TreeSet<>(shelf.books().keySet());
        controller.workers().forEach(worker -> names.addAll(worker.models()));
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        ArrayNode list = json.putArray("models");
        for (String name : names) {
            list.add(model(name));
        }
        return Route.Reply.ok(json);
    }

    private ObjectNode model(String name) throws IOException {
        List<WorkerStatus> serving = controller.workers().stream().filter(worker -> worker.models().contains(name)).toList();
        Optional<ModelShelf.Book> book = Optional.ofNullable(shelf.books().get(name));
        Map<String, ModelCard> cards = controller.cards();
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        serving.stream().map(worker -> cards.get(worker.id())).filter(card -> card != null && card.name().equals(name)
                && card.contextTokens() > 0).findFirst().ifPresent(card -> json.setAll(AdminJson.card(card)));
        json.put("name", name);
        Optional<WorkerStatus> best = serving.stream().filter(worker -> worker.state() == WorkerStatus.State.READY).findFirst()
                .or(() -> serving.stream().findFirst());
        String idle = book.filter(ModelShelf.Book::configured).isPresent() ? "starting" : "unloaded";
        json.put("state", best.map(worker -> worker.state().name().toLowerCase(Locale.ROOT)).orElse(idle))
                .put("reason", best.map(WorkerStatus::reason).orElse(""))
                .put("ours", book.filter(ModelShelf.Book::ours).isPresent());
        book.ifPresentOrElse(found -> json.put("file_bytes", ModelShelf.bytes(found.path())), () -> json.putNull("file_bytes"));
        ArrayNode ids = json.putArray("workers");
        serving.forEach(worker -> ids.add(worker.id()));
        return json;
    }
}
