package org.alcove.admin;

import java.time.InstantSource;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.Consumer;
import org.alcove.accounts.Role;
import org.alcove.api.control.Controller;
import org.alcove.api.worker.Failure;
import org.alcove.api.worker.RequestException;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Workers, how they were chosen, and their drain. */
@Component(service = Desk.class)
public final class WorkerDesk implements Desk {

    private static final Logger LOG = LoggerFactory.getLogger(WorkerDesk.class);

    private final Controller controller;
    private final AdminJson json;

    @Activate
    public WorkerDesk(@Reference Controller controller, @Reference KernelTable kernels) {
        this(controller, kernels, InstantSource.system());
    }

    WorkerDesk(Controller controller, KernelTable kernels, InstantSource clock) {
        this.controller = controller;
        this.json = new AdminJson(controller, kernels, clock);
    }

    @Override
    public List<Route> routes() {
        return List.of(
                Route.see("dispatch", Role.VIEWER, call -> Route.Reply.ok(json.dispatches())),
                Route.see("workers", Role.VIEWER, call -> Route.Reply.ok(json.workers())),
                Route.change("POST", "workers/*/drain", Role.OPERATOR, "worker.drain",
                        call -> tell(call, "drain", controller::drain)),
                Route.change("POST", "workers/*/reopen", Role.OPERATOR, "worker.reopen",
                        call -> tell(call, "reopen", controller::reopen)));
    }

    private Route.Reply tell(Call call, String what, Consumer<String> order) {
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
        return Route.Reply.ok(json.worker(worker).orElseThrow(() -> new AdminException(404, "unknown_worker",
                "worker " + worker + " has gone")));
    }
}
