package org.alcove.core;

import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.alcove.api.worker.GenerateRequest;
import org.alcove.api.worker.Generation;
import org.alcove.api.worker.ModelCard;
import org.alcove.api.worker.Worker;
import org.alcove.api.worker.WorkerStatus;

/**
 * A worker, the bundle it came from, and how many requests core has given it. Every call into it passes here: a throw is no fault
 * of the caller's, and shows as silence.
 */
final class RegisteredWorker {

    private final Worker worker;
    private final String bundle;
    private final long serviceId;
    private final AtomicInteger requests = new AtomicInteger();
    private volatile SeenStatus last;

    RegisteredWorker(Worker worker, String bundle, long serviceId, Instant now) {
        this.worker = worker;
        this.bundle = bundle;
        this.serviceId = serviceId;
        this.last = new SeenStatus(bundle + "#" + serviceId, List.of(), 1, 0, true, now, WorkerStatus.State.STARTING,
                "not seen yet", WorkerStatus.Load.NONE);
    }

    String bundle() {
        return bundle;
    }

    long serviceId() {
        return serviceId;
    }

    /** How it stands now. */
    SeenStatus status(Instant now, SeenStatus.Patience patience) {
        try {
            last = SeenStatus.of(worker.status(), requests.get(), now, patience);
            return last;
        } catch (RuntimeException | LinkageError e) {
            return SeenStatus.silent(last, "its status cannot be had: " + e, now, patience);
        }
    }

    /** How it stood when it was last asked, for those who must not wait for it. */
    SeenStatus lastStatus(Instant now, SeenStatus.Patience patience) {
        return SeenStatus.silent(last, "it does not tell its status", now, patience);
    }

    ModelCard model() {
        return worker.model();
    }

    Generation generate(GenerateRequest request) {
        return worker.generate(request);
    }

    void countIn() {
        requests.incrementAndGet();
    }

    void countOut() {
        requests.decrementAndGet();
    }
}
