package org.alcove.cluster.wire;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/**
 * A worker process shows that it lives: {@code /receive_heart_beat}. The answer is {@code {"exist": boolean}}.
 *
 * @param worker name of the worker: its address
 * @param own where it is one of ours
 */
public record Beat(String worker, int queueLength, Optional<ProcessReport> own) {

    /** As a message holds it. */
    public ObjectNode json() {
        ObjectNode json = Json.object().put("worker_name", worker).put("queue_length", queueLength);
        own.ifPresent(report -> json.set("alcove", report.json()));
        return json;
    }

    /** Reads one. */
    public static Beat of(Fields fields) {
        return new Beat(fields.text("worker_name"), fields.count("queue_length"),
                fields.maybeObject("alcove").map(ProcessReport::of));
    }

    /** The answer. */
    public static ObjectNode answer(boolean exists) {
        return Json.object().put("exist", exists);
    }

    /** Reads the answer: whether the controller knows the worker. */
    public static boolean known(Fields answer) {
        return answer.flag("exist");
    }
}
