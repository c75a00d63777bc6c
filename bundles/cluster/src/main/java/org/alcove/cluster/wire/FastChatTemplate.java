package org.alcove.cluster.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A conversation template as FastChat's {@code /worker_get_conv_template} tells it, inside {@code "conv"}.
 *
 * @param systemTemplate with one slot, {@code {system_message}}
 * @param systemMessage what stands there where the conversation says nothing
 * @param user label of the user
 * @param assistant label of the assistant
 * @param seed turns that stand before the conversation
 * @param sep2 empty where there is none
 */
public record FastChatTemplate(String name, String systemTemplate, String systemMessage, String user, String assistant,
        List<Turn> seed, SeparatorStyle style, String sep, String sep2, List<String> stops, List<Integer> stopIds) {

    /** The slot of a system template. */
    public static final String SLOT = "{system_message}";

    private static final int MAX_IDS = 10_000;

    public FastChatTemplate {
        seed = List.copyOf(seed);
        stops = List.copyOf(stops);
        stopIds = List.copyOf(stopIds);
    }

    /** A turn: whose, by label, and what was said. */
    public record Turn(String role, String text) {
    }

    /** As the answer to {@code /worker_get_conv_template} holds it. */
    public ObjectNode json() {
        ObjectNode json = Json.object();
        ObjectNode conv = json.putObject("conv").put("name", name).put("system_template", systemTemplate)
                .put("system_message", systemMessage);
        conv.putArray("roles").add(user).add(assistant);
        ArrayNode messages = conv.putArray("messages");
        seed.forEach(turn -> messages.addArray().add(turn.role()).add(turn.text()));
        conv.put("offset", seed.size()).put("sep_style", style.number()).put("sep", sep)
                .put("sep2", sep2.isEmpty() ? null : sep2);
        conv.set("stop_str", stops.isEmpty() ? null : Json.texts(stops));
        if (stopIds.isEmpty()) {
            conv.putNull("stop_token_ids");
        } else {
            ArrayNode ids = conv.putArray("stop_token_ids");
            stopIds.forEach(id -> ids.add(id.intValue()));
        }
        return json;
    }

    /** Reads an answer of {@code /worker_get_conv_template}. */
    public static FastChatTemplate of(Fields answer) {
        Fields conv = answer.object("conv");
        List<String> roles = conv.texts("roles", Protocol.MAX_ELEMENTS);
        if (roles.size() < 2) {
            throw conv.wrong("roles", "has " + roles.size() + " elements and must have 2");
        }
        return new FastChatTemplate(conv.text("name", ""), conv.text("system_template", SLOT), conv.text("system_message", ""),
                roles.get(0), roles.get(1), seed(conv), style(conv), conv.text("sep", "\n"), conv.text("sep2", ""),
                FastChatRequest.stops(conv, "stop_str"),
                conv.has("stop_token_ids") ? conv.integers("stop_token_ids", MAX_IDS) : List.of());
    }

    private static SeparatorStyle style(Fields conv) {
        int number = conv.count("sep_style");
        Optional<SeparatorStyle> style = SeparatorStyle.numbered(number);
        return style.orElseThrow(() -> conv.wrong("sep_style", "is " + number + "; known here are 1 to "
                + SeparatorStyle.values().length));
    }

    private static List<Turn> seed(Fields conv) {
        List<Turn> turns = new ArrayList<>();
        if (conv.has("messages")) {
            for (JsonNode turn : conv.list("messages", Protocol.MAX_ELEMENTS)) {
                if (!turn.path(0).isTextual() || !turn.path(1).isTextual()) {
                    throw conv.wrong("messages", "must hold pairs of a role and a text");
                }
                turns.add(new Turn(turn.path(0).textValue(), turn.path(1).textValue()));
            }
        }
        return turns;
    }
}
