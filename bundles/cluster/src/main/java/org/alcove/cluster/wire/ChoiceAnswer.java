package org.alcove.cluster.wire;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * The worker that was chosen.
 *
 * @param ticket counts the request in at the worker until it is released
 * @param worker id of the worker for the whole cluster
 * @param address of its process
 * @param protocol what it speaks
 * @param reason why, for people
 */
public record ChoiceAnswer(String ticket, String worker, String address, Protocol protocol, String reason) {

    /** As a message holds it. */
    public ObjectNode json() {
        return Json.object().put("ticket", ticket).put("worker", worker).put("address", address)
                .put("protocol", protocol.word()).put("reason", reason);
    }

    /** Reads one. */
    public static ChoiceAnswer of(Fields fields) {
        return new ChoiceAnswer(fields.text("ticket"), fields.text("worker"), fields.text("address"),
                Protocol.read(fields, "protocol"), fields.text("reason", ""));
    }
}
