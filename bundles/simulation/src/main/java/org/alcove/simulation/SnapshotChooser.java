package org.alcove.simulation;

import java.util.List;
import org.alcove.api.worker.WorkerStatus;

/**
 * Shows a policy the workers under their own names, in a list that is made for this choice alone, as {@code core} does: nothing
 * of it changes afterwards, whoever keeps it.
 *
 * @param model that all of them serve
 * @param ids of the workers, by index
 */
record SnapshotChooser(PolicyChooser policy, String model, List<String> ids) implements Chooser {

    @Override
    public int choose(Job job, Cluster cluster) {
        List<WorkerStatus> snapshot = cluster.statuses().stream()
                .<WorkerStatus>map(status -> ((SimulatedStatus) status).named(ids, model)).toList();
        return policy.choose(PolicyChooser.request(job.number, model), snapshot);
    }
}
