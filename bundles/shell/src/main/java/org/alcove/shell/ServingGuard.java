package org.alcove.shell;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import org.alcove.api.control.Controller;
import org.alcove.api.worker.WorkerStatus;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends a serving process whose models can none of them be loaded: a server that answers nothing but errors helps nobody, and
 * whoever started it waits for a word. Looks on until the first model is ready; what happens later is the controller's to tell.
 *
 * <p>The launcher publishes an {@link IntConsumer} with {@code alcove.serving}; other processes never activate this component.
 */
@Component(service = {}, immediate = true)
public final class ServingGuard {

    private static final Logger LOG = LoggerFactory.getLogger(ServingGuard.class);
    private static final long LOOK_MILLIS = 100;
    private static final int FAILED = 1;

    private final IntConsumer exit;
    private final Controller controller;
    private final CountDownLatch stopped = new CountDownLatch(1);

    @Activate
    public ServingGuard(@Reference(target = "(alcove.serving=*)") IntConsumer exit, @Reference Controller controller) {
        this.exit = exit;
        this.controller = controller;
        Thread.ofPlatform().daemon().name("alcove-serving-guard").start(this::watch);
    }

    @Deactivate
    void stop() {
        stopped.countDown();
    }

    private void watch() {
        try {
            List<WorkerStatus> workers = controller.workers();
            while (workers.stream().noneMatch(worker -> worker.state() == WorkerStatus.State.READY)) {
                if (!workers.isEmpty() && workers.stream().allMatch(worker -> worker.state() == WorkerStatus.State.FAILED)) {
                    LOG.error("no model could be loaded, so there is nothing to serve: {}", workers.getFirst().reason());
                    exit.accept(FAILED);
                    return;
                }
                if (stopped.await(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
                    return;
                }
                workers = controller.workers();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
