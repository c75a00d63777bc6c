package org.alcove.cluster.remote;

import java.time.Instant;
import java.util.List;
import org.alcove.api.worker.WorkerStatus;
import org.alcove.cluster.wire.WorkerReport;

/** What was last told about a remote worker. */
record RemoteStatus(String id, List<String> models, double speed, int queueLength, boolean heartbeat, Instant lastBeat,
        State state, String reason, Load load, Computing computing) implements WorkerStatus {

    /** @param told when it was told */
    static RemoteStatus of(String id, WorkerReport report, Instant told) {
        return new RemoteStatus(id, List.of(report.model().name()), report.speed(), report.queueLength(), report.heartbeat(),
                told.minus(report.beatAge()), report.state(), report.reason(), report.load(),
                report.computing());
    }
}
