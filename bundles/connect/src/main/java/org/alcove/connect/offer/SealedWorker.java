package org.alcove.connect.offer;

import java.time.Instant;
import java.util.List;
import org.alcove.api.worker.Failure;
import org.alcove.api.worker.GenerateRequest;
import org.alcove.api.worker.Generation;
import org.alcove.api.worker.ModelCard;
import org.alcove.api.worker.RequestException;
import org.alcove.api.worker.Worker;
import org.alcove.api.worker.WorkerStatus;
import org.alcove.connect.Finding;
import org.alcove.connect.VerifiedServer;

/**
 * A worker elsewhere that was verified, as this process's core sees it. Core goes on with an answer at another one of these when
 * one is lost, as it does with any worker; going on means sealing again.
 */
final class SealedWorker implements Worker {

    private final VerifiedServer server;
    private final String idPrefix;
    private final Runnable nudge;
    private volatile Finding finding;

    /**
     * @param idPrefix before its own id
     * @param nudge has the server verified again soon
     */
    SealedWorker(VerifiedServer server, String idPrefix, Finding finding, Runnable nudge) {
        this.server = server;
        this.idPrefix = idPrefix;
        this.finding = finding;
        this.nudge = nudge;
    }

    /** It stands like this now. */
    void tell(Finding next) {
        finding = next;
    }

    private record Status(String id, List<String> models, double speed, int queueLength, boolean heartbeat, Instant lastBeat,
            State state, String reason, Load load) implements WorkerStatus {
    }

    @Override
    public WorkerStatus status() {
        WorkerStatus now = finding.status();
        return new Status(idPrefix + now.id(), now.models(), now.speed(), now.queueLength(), false, Instant.now(), now.state(),
                now.reason(), now.load());
    }

    @Override
    public ModelCard model() {
        return finding.model();
    }

    @Override
    public Generation generate(GenerateRequest request) {
        try {
            return server.generate(request);
        } catch (RequestException e) {
            if (e.failure() instanceof Failure.Unavailable) {
                nudge.run();
            }
            throw e;
        }
    }
}
