package org.alcove.cluster.front;

import java.util.concurrent.atomic.AtomicBoolean;
import org.alcove.api.control.WorkerChoice;

/** A worker that the controller chose. */
final class RemoteChoice implements WorkerChoice {

    private final ControllerDialect.Chosen chosen;
    private final Runnable release;
    private final AtomicBoolean closed = new AtomicBoolean();

    RemoteChoice(ControllerDialect.Chosen chosen, Runnable release) {
        this.chosen = chosen;
        this.release = release;
    }

    @Override
    public String worker() {
        return chosen.worker();
    }

    @Override
    public String reason() {
        return chosen.reason();
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            release.run();
        }
    }
}
