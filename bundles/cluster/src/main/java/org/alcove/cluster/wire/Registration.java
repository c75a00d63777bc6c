package org.alcove.cluster.wire;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;

/**
 * A worker process makes itself known: FastChat's body for {@code /register_worker}, and what ours adds.
 *
 * @param worker name of the worker: its address
 * @param heartbeat whether it will beat
 * @param status FastChat's figures; where absent the controller asks the worker for them
 * @param multimodal whether it takes images
 * @param own where it is one of ours
 */
public record Registration(String worker, boolean heartbeat, Optional<FastChatStatus> status, boolean multimodal,
        Optional<ProcessReport> own) {

    /** As a message holds it. */
    public ObjectNode json() {
        ObjectNode json = Json.object().put("worker_name", worker).put("check_heart_beat", heartbeat);
        json.set("worker_status", status.map(FastChatStatus::json).orElse(null));
        json.put("multimodal", multimodal);
        own.ifPresent(report -> json.set("alcove", report.json()));
        return json;
    }

    /** Reads one. */
    public static Registration of(Fields fields) {
        return new Registration(fields.text("worker_name"), fields.flag("check_heart_beat"),
                fields.maybeObject("worker_status").map(FastChatStatus::of), fields.flag("multimodal", false),
                fields.maybeObject("alcove").map(ProcessReport::of));
    }

    /**
     * FastChat's figures of a worker, also what it answers at {@code /worker_get_status}.
     *
     * @param models names of its models
     */
    public record FastChatStatus(List<String> models, double speed, int queueLength) {

        public FastChatStatus {
            models = List.copyOf(models);
        }

        /** As a message holds it. */
        public ObjectNode json() {
            ObjectNode json = Json.object();
            json.set("model_names", Json.texts(models));
            return json.put("speed", speed).put("queue_length", queueLength);
        }

        /** Reads one. */
        public static FastChatStatus of(Fields fields) {
            double speed = fields.number("speed", 1);
            if (speed < 0) {
                throw fields.wrong("speed", "is " + speed + " and must not be below 0");
            }
            return new FastChatStatus(fields.texts("model_names", Protocol.MAX_ELEMENTS), speed, fields.count("queue_length", 0));
        }
    }
}
