package org.alcove.admin;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.Consumer;
import org.alcove.accounts.Role;
import org.alcove.api.control.Controller;
import org.alcove.api.worker.Failure;
import org.alcove.api.worker.RequestException;
import org.alcove.api.worker.WorkerStatus;
import org.osgi.framework.BundleContext;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Workers, how they were chosen, their drain and their removal. */
@Component(service = Desk.class)
public final class WorkerDesk implements Desk {

    private static final Logger LOG = LoggerFactory.getLogger(WorkerDesk.class);

    private final Controller controller;
    private final ModelShelf shelf;
    private final AdminJson json;

    @Activate
    public WorkerDesk(@Reference Controller controller, @Reference KernelTable kernels, @Reference ConfigurationAdmin admin,
            BundleContext context) {
        this(controller, kernels, ModelDesk.shelf(admin, context), InstantSource.system());
    }

    WorkerDesk(Controller controller, KernelTable kernels, ModelShelf shelf, InstantSource clock) {
        this.controller = controller;
        this.shelf = shelf;
        this.json = new AdminJson(controller, kernels, clock);
    }

    @Override
    public List<Route> routes() {
        return List.of(
                Route.see("dispatch", Role.VIEWER, call -> Route.Reply.ok(json.dispatches())),
                Route.see("workers", Role.VIEWER, call -> Route.Reply.ok(json.workers())),
                Route.order("POST", "workers/*/drain", Role.OPERATOR, "worker.drain",
                        call -> tell(call, "drain", controller::drain)),
                Route.order("POST", "workers/*/reopen", Role.OPERATOR, "worker.reopen",
                        call -> tell(call, "reopen", controller::reopen)),
                Route.order("DELETE", "workers/*", Role.OPERATOR, "worker.remove", this::remove));
    }

    private Route.Reply tell(Call call, String what, Consumer<String> order) {
        String worker = call.star();
        order(call, what, order);
        return Route.Reply.ok(json.worker(worker).orElseThrow(() -> new AdminException(404, "unknown_worker",
                "worker " + worker + " has gone")));
    }

    /** One of this process goes with its model; one of another process is forgotten, and goes on running there. */
    private Route.Reply remove(Call call) throws IOException {
        String worker = call.star();
        ObjectNode answer = JsonNodeFactory.instance.objectNode().put("id", worker);
        if (!worker.startsWith(AdminJson.LOCAL)) {
            order(call, "leave", controller::dismiss);
            return Route.Reply.ok(answer.put("removed", "forgotten").put("text", "The controller has forgotten the process of "
                    + worker + ", with all its models. If it still runs it registers anew with its next beat; stop it where it"
                    + " runs to keep it away."));
        }
        WorkerStatus status = controller.workers().stream().filter(each -> each.id().equals(worker)).findFirst()
                .orElseThrow(() -> new AdminException(404, "unknown_worker", "there is no worker " + worker + " here"));
        for (String model : status.models()) {
            shelf.unload(model);
        }
        LOG.info("Worker {} was removed by {}", worker, call.caller().name());
        return Route.Reply.ok(answer.put("removed", "unloaded").put("text", "The model " + String.join(", ", status.models())
                + " is being unloaded; answers that are being written may go on for drain_seconds. Loading it makes a worker"
                + " again."));
    }

    private void order(Call call, String what, Consumer<String> order) {
        String worker = call.star();
        try {
            order.accept(worker);
        } catch (NoSuchElementException e) {
            throw new AdminException(404, "unknown_worker", e.getMessage());
        } catch (RequestException e) {
            throw e.failure() instanceof Failure.Unsupported ? AdminException.conflict("unsupported", e.getMessage())
                    : new AdminException(502, "worker_failed", e.getMessage());
        }
        LOG.info("Worker {} was told to {} by {}", worker, what, call.caller().name());
    }
}
