package org.alcove.cluster.wire;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * An API process greets its controller: {@code /alcove/v1/hello}, answered with a {@link Welcome}.
 *
 * @param client random id of the process
 */
public record Hello(String client) {

    /** As a message holds it. */
    public ObjectNode json() {
        return Json.object().put("protocol", Protocol.VERSION).put("client", client);
    }

    /** Reads one. */
    public static Hello of(Fields fields) {
        Protocol.checkVersion(fields);
        return new Hello(fields.text("client"));
    }
}
