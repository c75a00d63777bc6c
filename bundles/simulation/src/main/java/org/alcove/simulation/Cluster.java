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
    private final double beats;
    /** When each worker beats next. */
    private final double[] nextBeat;

    /**
     * Workers without requests.
     *
     * @param speeds tokens per second of each
     * @param model how they serve
     * @param beats 0 where policies see counts that are always right, as Alcove's controller keeps them; else the seconds between
     *     two beats of a worker: what is sent to it is counted at once, what it has ended is known only from its next beat
     */
    Cluster(double[] speeds, ServiceModel model, double beats) {
        this.beats = beats;
        this.nextBeat = new double[speeds.length];
        for (double speed : speeds) {
            SimulatedWorker worker = new SimulatedWorker(workers.size(), speed, model);
            // Workers beat in turns, as they do where they were not started at the same moment.
            nextBeat[worker.index()] = beats * (worker.index() + 1) / speeds.length;
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

    /** Time has come to the moment of a request; the ends before it are done. */
    void arrive(double now) {
        for (int i = 0; beats > 0 && i < nextBeat.length; i++) {
            if (nextBeat[i] <= now) {
                current.set(i, SimulatedStatus.of(workers.get(i), now));
                nextBeat[i] += beats * Math.floor(1 + (now - nextBeat[i]) / beats);
            }
        }
    }

    /** A worker has got a request. */
    void began(SimulatedWorker worker, double now) {
        SimulatedStatus shown = (SimulatedStatus) current.get(worker.index());
        current.set(worker.index(), beats == 0 ? SimulatedStatus.of(worker, now) : shown.withOneMore());
    }

    /** A worker has ended a request. */
    void ended(SimulatedWorker worker, double now) {
        if (beats == 0) {
            current.set(worker.index(), SimulatedStatus.of(worker, now));
        }
    }
}
