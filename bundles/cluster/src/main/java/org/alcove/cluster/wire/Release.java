package org.alcove.cluster.wire;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * Requests have ended: {@code /alcove/v1/release}.
 *
 * @param client random id of the API process
 * @param tickets what the choices were given
 */
public record Release(String client, List<String> tickets) {

    public Release {
        tickets = List.copyOf(tickets);
    }

    /** As a message holds it. */
    public ObjectNode json() {
        ObjectNode json = Json.object().put("client", client);
        json.set("tickets", Json.texts(tickets));
        return json;
    }

    /** Reads one. */
    public static Release of(Fields fields) {
        return new Release(fields.text("client"), fields.texts("tickets", Protocol.MAX_ELEMENTS));
    }
}
