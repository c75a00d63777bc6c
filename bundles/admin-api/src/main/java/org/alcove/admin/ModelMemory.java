package org.alcove.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import org.alcove.api.control.Models;

/** What is known about a model of this process and its memory, as JSON, and how long it is to stay, from JSON. */
final class ModelMemory {

    private ModelMemory() {
    }

    /** Adds what the room of the models knows. The state of one that has a worker is the worker's, unless it is not loaded. */
    static void add(ObjectNode json, Models.Model model) {
        boolean servedElsewhere = json.path("state").asText().equals("ready");
        if (!servedElsewhere && (model.state() == Models.State.UNLOADED || model.state() == Models.State.UNLOADING)) {
            json.put("state", model.state().name().toLowerCase(Locale.ROOT)).put("reason", model.reason());
        }
        json.put("pinned", model.keeping().pinned());
        model.keeping().keepAliveSeconds().ifPresentOrElse(seconds -> json.put("keep_alive_seconds", seconds),
                () -> json.putNull("keep_alive_seconds"));
        model.lastUse().ifPresentOrElse(when -> json.put("last_use", when.toString()), () -> json.putNull("last_use"));
        json.put("answering", model.answering());
        json.set("predicted_bytes", memory(model.predicted()));
        json.set("measured_bytes", memory(model.measured()));
    }

    private static JsonNode memory(Optional<Models.Memory> memory) {
        return memory.<JsonNode>map(bytes -> JsonNodeFactory.instance.objectNode().put("total", bytes.total())
                .put("weights", bytes.weights()).put("kv", bytes.cache()).put("buffers", bytes.buffers())
                .put("copies", bytes.copies())).orElse(JsonNodeFactory.instance.nullNode());
    }

    static ObjectNode budget(Models.Budget budget) {
        return JsonNodeFactory.instance.objectNode().put("bytes", budget.bytes()).put("held", budget.held());
    }

    /** What a body says about how long a model stays; what it does not name stays as it is. */
    static Models.Keeping keeping(ObjectNode body, Models.Keeping before) {
        OptionalLong seconds = before.keepAliveSeconds();
        if (body.has("keep_alive_seconds")) {
            seconds = body.get("keep_alive_seconds").isNull() ? OptionalLong.empty() : OptionalLong.of(Call.number(body,
                    "keep_alive_seconds", -1, Long.MAX_VALUE, ", where -1 is for ever, or null for the server's default"));
        }
        return new Models.Keeping(Call.flag(body, "pinned", before.pinned()), seconds);
    }
}
