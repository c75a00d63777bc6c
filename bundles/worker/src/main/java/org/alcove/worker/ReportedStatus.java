package org.alcove.worker;

import java.time.Instant;
import java.util.List;
import org.alcove.api.worker.WorkerStatus;

/** What a worker reports of itself. */
record ReportedStatus(String id, List<String> models, double speed, int queueLength, boolean heartbeat, Instant lastBeat,
        State state, String reason, Load load, Computing computing) implements WorkerStatus {
}
