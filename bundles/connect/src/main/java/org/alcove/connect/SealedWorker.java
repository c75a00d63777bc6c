package org.alcove.connect;

import java.time.Instant;
import java.util.List;
import org.alcove.api.worker.Failure;
import org.alcove.api.worker.GenerateRequest;
import org.alcove.api.worker.Generation;
import org.alcove.api.worker.ModelCard;
import org.alcove.api.worker.RequestException;
import org.alcove.api.worker.Worker;
import org.alcove.api.worker.WorkerStatus;
import org.alcove.cluster.wire.WorkerReport;

/**
 * A worker elsewhere that was verified, as this process's core sees it. Core goes on with an answer at another one of these when
 * one is lost, as it does with any worker; going on means sealing again.
 */
final class SealedWorker implements Worker {

    private final SealedClient client;
    private final Runnable nudge;
    private volatile WorkerReport report;

    /** @param nudge has the server verified again soon */
    SealedWorker(SealedClient client, WorkerReport report, Runnable nudge) {
        this.client = client;
        this.report = report;
        this.nudge = nudge;
    }

    /** It stands like this now. */
    void tell(WorkerReport next) {
        report = next;
    }

    private record Status(String id, List<String> models, double speed, int queueLength, boolean heartbeat, Instant lastBeat,
            State state, String reason, Load load) implements WorkerStatus {
    }

    @Override
    public WorkerStatus status() {
        WorkerReport now = report;
        return new Status(now.id(), List.of(now.model().name()), now.speed(), now.queueLength(), false, Instant.now(),
                now.state(), now.reason(), now.load());
    }

    @Override
    public ModelCard model() {
        return report.model();
    }

    @Override
    public Generation generate(GenerateRequest request) {
        try {
            return client.generate(request);
        } catch (RequestException e) {
            if (e.failure() instanceof Failure.Unavailable) {
                nudge.run();
            }
            throw e;
        }
    }
}
