package org.alcove.simulation;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.alcove.api.worker.WorkerStatus;

/** The workers of a simulation, and what policies see of them. */
final class Cluster {

    private final List<SimulatedWorker> workers = new ArrayList<>();
    private final List<WorkerStatus> current = new ArrayList<>();
    private final List<WorkerStatus> view = Collections.unmodifiableList(current);
    private final double stale;
    private double nextBeat;

    /**
     * Workers without requests.
     *
     * @param speeds tokens per second of each
     * @param model how they serve
     * @param stale seconds between two looks at the queues; 0 for counts that are always right, as the controller keeps them
     */
    Cluster(double[] speeds, ServiceModel model, double stale) {
        this.stale = stale;
        for (double speed : speeds) {
            SimulatedWorker worker = new SimulatedWorker(workers.size(), speed, model);
            workers.add(worker);
            current.add(SimulatedStatus.of(worker, 0));
        }
    }

    List<SimulatedWorker> workers() {
        return workers;
    }

    /** As policies see them. The list shows the present; nobody may keep it. */
    List<WorkerStatus> statuses() {
        return view;
    }

    /** Takes note of a worker that has got or ended a request. */
    void changed(SimulatedWorker worker, double now) {
        if (stale == 0) {
            current.set(worker.index(), SimulatedStatus.of(worker, now));
        }
    }

    /** Time has come to this moment. */
    void arrive(double now) {
        if (stale > 0 && now >= nextBeat) {
            for (SimulatedWorker worker : workers) {
                current.set(worker.index(), SimulatedStatus.of(worker, now));
            }
            nextBeat = (Math.floor(now / stale) + 1) * stale;
        }
    }
}
