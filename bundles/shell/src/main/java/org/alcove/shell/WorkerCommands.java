package org.alcove.shell;

import java.util.Locale;
import java.util.NoSuchElementException;
import java.util.stream.Collectors;
import org.alcove.api.control.Controller;
import org.alcove.api.worker.RequestException;
import org.alcove.api.worker.WorkerStatus;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * The commands {@code alcove:workers}, {@code alcove:drain} and {@code alcove:reopen} of the framework's shell. That shell finds
 * them by their service properties; without it they are never called.
 */
@Component(service = WorkerCommands.class, property = {"osgi.command.scope=alcove", "osgi.command.function=workers",
    "osgi.command.function=drain", "osgi.command.function=reopen"})
public final class WorkerCommands {

    private final Controller controller;

    @Activate
    public WorkerCommands(@Reference Controller controller) {
        this.controller = controller;
    }

    /** One line for each worker. */
    public String workers() {
        return controller.workers().stream().map(WorkerCommands::line).collect(Collectors.joining("\n"));
    }

    /** Has a worker take no more requests. */
    public String drain(String worker) {
        return tell(worker, () -> controller.drain(worker));
    }

    /** Has a worker take requests again. */
    public String reopen(String worker) {
        return tell(worker, () -> controller.reopen(worker));
    }

    private String tell(String worker, Runnable order) {
        try {
            order.run();
        } catch (NoSuchElementException | RequestException e) {
            return e.getMessage();
        }
        return controller.workers().stream().filter(status -> status.id().equals(worker)).map(WorkerCommands::line).findFirst()
                .orElse("worker " + worker + " has gone");
    }

    private static String line(WorkerStatus worker) {
        return String.format(Locale.ROOT, "%-40s %-9s %4d requests %9.1f tokens/s  %s  %s", worker.id(),
                worker.state().name().toLowerCase(Locale.ROOT), worker.queueLength(), worker.speed(),
                String.join(",", worker.models()), worker.reason()).stripTrailing();
    }
}
