package org.alcove.cluster.wire;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * A worker process takes its leave: {@code /alcove/v1/leave}.
 *
 * @param worker name of the worker: its address
 * @param instance random id of its process
 */
public record Leave(String worker, String instance) {

    /** As a message holds it. */
    public ObjectNode json() {
        return Json.object().put("worker_name", worker).put("instance", instance);
    }

    /** Reads one. */
    public static Leave of(Fields fields) {
        return new Leave(fields.text("worker_name"), fields.text("instance"));
    }
}
