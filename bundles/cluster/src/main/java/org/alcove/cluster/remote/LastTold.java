package org.alcove.cluster.remote;

import java.time.Instant;
import java.time.InstantSource;
import org.alcove.api.worker.ModelCard;
import org.alcove.api.worker.WorkerStatus;
import org.alcove.cluster.wire.WorkerReport;

/** How a remote worker stood when somebody last told. Thread-safe. */
final class LastTold {

    private final String id;
    private final InstantSource clock;
    private volatile Report last;

    private record Report(WorkerReport report, Instant when) {
    }

    /** @param id of the worker for the whole cluster */
    LastTold(String id, InstantSource clock, WorkerReport first) {
        this.id = id;
        this.clock = clock;
        tell(first);
    }

    void tell(WorkerReport report) {
        last = new Report(report, clock.instant());
    }

    String id() {
        return id;
    }

    ModelCard model() {
        return last.report().model();
    }

    WorkerStatus status() {
        Report now = last;
        return RemoteStatus.of(id, now.report(), now.when());
    }
}
