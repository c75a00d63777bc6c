package org.alcove.cluster.wire;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * How a process with workers stands: what it answers at {@code /alcove/v1/status}, and what it adds to FastChat's registration
 * and beats under the name {@code alcove}.
 *
 * @param instance random id of the process, by which one that was restarted at the same address is told from before
 */
public record ProcessReport(String instance, List<WorkerReport> workers) {

    public ProcessReport {
        workers = List.copyOf(workers);
    }

    /** As a message holds it. */
    public ObjectNode json() {
        ObjectNode json = Json.object().put("protocol", Protocol.VERSION).put("instance", instance);
        json.set("workers", Json.list(workers.stream().map(WorkerReport::json).toList()));
        return json;
    }

    /**
     * Reads one.
     *
     * @throws WireException also if it is of another version of the protocol
     */
    public static ProcessReport of(Fields fields) {
        Protocol.checkVersion(fields);
        return new ProcessReport(fields.text("instance"), WorkerReport.list(fields, "workers"));
    }
}
