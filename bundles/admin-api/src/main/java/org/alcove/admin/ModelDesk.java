package org.alcove.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.alcove.accounts.Role;
import org.alcove.api.control.Controller;
import org.alcove.api.control.Models;
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
    private final Models models;
    private final ModelShelf shelf;
    private final ModelOrders orders;

    @Activate
    public ModelDesk(@Reference Controller controller, @Reference Models models, @Reference ConfigurationAdmin admin,
            BundleContext context) {
        this(controller, models, shelf(admin, context));
        shelf.restore();
    }

    ModelDesk(Controller controller, Models models, ModelShelf shelf) {
        this.controller = controller;
        this.models = models;
        this.shelf = shelf;
        this.orders = new ModelOrders(models, shelf);
    }

    /** The folder {@code models} of the data folder. */
    static ModelShelf shelf(ConfigurationAdmin admin, BundleContext context) {
        return new ModelShelf(admin, context.getServiceReference(ConfigurationAdmin.class),
                DataFolder.of(context).resolveSibling("models"), DataFolder.of(context).resolve("models.json"));
    }

    @Override
    public List<Route> routes() {
        return List.of(Route.see("models", Role.VIEWER, call -> models()),
                Route.order("POST", "models/*/load", Role.OPERATOR, "model.load", call -> {
                    orders.load(call.star());
                    return Route.Reply.ok(model(call.star()));
                }),
                Route.order("POST", "models/*/unload", Role.OPERATOR, "model.unload", call -> {
                    orders.unload(call.star());
                    return Route.Reply.ok(model(call.star()));
                }),
                Route.change("PATCH", "models/*", Role.OPERATOR, "model.keep", this::keep));
    }

    private Route.Reply keep(Call call) throws IOException {
        String name = call.star();
        Models.Model model = models.named(name).orElseThrow(() -> AdminException.unknown("this process has no model of this name;"
                + " what workers elsewhere keep is said where they run"));
        ObjectNode body = call.body("pinned", "keep_alive_seconds");
        Models.Keeping keeping = ModelMemory.keeping(body, model.keeping());
        call.tell(name, (keeping.pinned() ? "pinned" : "not pinned") + (keeping.keepAliveSeconds().isPresent()
                ? ", " + keeping.keepAliveSeconds().getAsLong() + " s" : ""));
        ModelOrders.order(() -> models.keep(name, keeping));
        return Route.Reply.ok(model(name));
    }

    private Route.Reply models() throws IOException {
        TreeSet<String> names = new TreeSet<>(shelf.books().keySet());
        controller.workers().forEach(worker -> names.addAll(worker.models()));
        Map<String, Models.Model> known = new HashMap<>();
        models.all().forEach(model -> known.put(model.name(), model));
        names.addAll(known.keySet());
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        ArrayNode list = json.putArray("models");
        for (String name : names) {
            list.add(model(name, Optional.ofNullable(known.get(name))));
        }
        json.set("budget", ModelMemory.budget(models.budget()));
        return Route.Reply.ok(json);
    }

    private ObjectNode model(String name) throws IOException {
        return model(name, models.all().stream().filter(model -> model.name().equals(name)).findFirst());
    }

    private ObjectNode model(String name, Optional<Models.Model> ofThisProcess) throws IOException {
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
        ofThisProcess.ifPresent(model -> ModelMemory.add(json, model));
        return json;
    }
}
