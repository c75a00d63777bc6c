package org.alcove.cluster.wire;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/**
 * What one of our controllers answers to a registration (inside {@code "alcove"}) and to a greeting (bare).
 *
 * @param heartbeatSeconds how often it wants to hear from the other side
 * @param controller random id of the controller's process
 */
public record Welcome(int heartbeatSeconds, String controller) {

    private static final int MAX_SECONDS = 86_400;

    /** As an answer to {@code /alcove/v1/hello}. */
    public ObjectNode json() {
        return Json.object().put("protocol", Protocol.VERSION).put("heartbeat_seconds", heartbeatSeconds)
                .put("controller", controller);
    }

    /** As an answer to {@code /register_worker}. */
    public ObjectNode wrapped() {
        ObjectNode json = Json.object();
        json.set("alcove", json());
        return json;
    }

    /** Reads a bare one. */
    public static Welcome of(Fields fields) {
        Protocol.checkVersion(fields);
        return new Welcome((int) fields.integer("heartbeat_seconds", 1, MAX_SECONDS), fields.text("controller"));
    }

    /** Reads the answer to a registration; FastChat's controller answers null, which is nothing. */
    public static Optional<Welcome> unwrap(PeerClient.Answer answer) {
        return Json.maybe(answer.body(), answer.who()).flatMap(fields -> fields.maybeObject("alcove")).map(Welcome::of);
    }
}
