package org.alcove.simulation;

import java.time.Instant;
import java.util.List;
import org.alcove.api.worker.WorkerStatus;

/** What a policy sees of a {@link SimulatedWorker}. */
record SimulatedStatus(int index, String id, List<String> models, double speed, int queueLength, boolean heartbeat,
        Instant lastBeat, State state, String reason, Load load) implements WorkerStatus {

    /** The model that all workers serve and all requests want. */
    static final String MODEL = "simulated";

    private static final List<String> MODELS = List.of(MODEL);

    static SimulatedStatus of(SimulatedWorker worker, double seconds) {
        return of(worker.index(), worker.speed(), worker.queueLength(), worker.runningCount(), seconds);
    }

    static SimulatedStatus of(int index, double speed, int queueLength, int running, double seconds) {
        return new SimulatedStatus(index, "worker-" + index, MODELS, speed, queueLength, true,
                Instant.EPOCH.plusNanos((long) (seconds * 1e9)), State.READY, "",
                new Load(running, queueLength - running, 0, 0, 0, 0, 0));
    }

    /** The same under the name that its index has in a list, serving this model. */
    SimulatedStatus named(List<String> ids, String model) {
        return new SimulatedStatus(index, ids.get(index), List.of(model), speed, queueLength, heartbeat, lastBeat, state, reason,
                load);
    }

    /** The same with a request more. */
    SimulatedStatus withOneMore() {
        return new SimulatedStatus(index, id, models, speed, queueLength + 1, heartbeat, lastBeat, state, reason, load);
    }
}
