package org.alcove.cluster.node;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.alcove.api.worker.WorkerStatus;
import org.alcove.cluster.wire.ProcessReport;
import org.alcove.cluster.wire.Registration;
import org.alcove.cluster.wire.WorkerReport;

/** A process of ours in FastChat's terms: one worker with all models, of the speed that all of its workers have, which is 1. */
final class ForeignFigures {

    private static final Set<WorkerStatus.State> SERVING =
            EnumSet.of(WorkerStatus.State.READY, WorkerStatus.State.PAUSED, WorkerStatus.State.LATE);

    private ForeignFigures() {
    }

    static Registration.FastChatStatus of(ProcessReport report) {
        List<String> models = report.workers().stream().filter(worker -> SERVING.contains(worker.state()))
                .map(worker -> worker.model().name()).toList();
        return new Registration.FastChatStatus(models, 1,
                report.workers().stream().mapToInt(WorkerReport::queueLength).sum());
    }
}
