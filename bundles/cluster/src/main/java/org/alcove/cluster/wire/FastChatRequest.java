package org.alcove.cluster.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import org.alcove.api.worker.Failure;
import org.alcove.api.worker.GenerateRequest;
import org.alcove.api.worker.RequestException;

/**
 * What FastChat's {@code /worker_generate_stream} takes. Absent fields have the values FastChat's own worker gives them.
 *
 * @param topK -1 for all
 * @param stops strings that end the answer; FastChat sends none, one or a list
 * @param echo whether the answer begins with the prompt
 * @param logprobs how many of the likeliest tokens to report, if any
 * @param foreign the first field that was sent with a meaning and is none of these: {@code best_of}, {@code use_beam_search},
 *        {@code images}; empty where there is none
 */
public record FastChatRequest(String model, String prompt, double temperature, double topP, int topK, double repetitionPenalty,
        double presencePenalty, double frequencyPenalty, int maxNewTokens, List<String> stops, List<Integer> stopIds,
        boolean echo, Optional<Integer> logprobs, String foreign) {

    private static final int DEFAULT_NEW_TOKENS = 256;
    private static final int MAX_IDS = 1 << 20;

    public FastChatRequest {
        stops = List.copyOf(stops);
        stopIds = List.copyOf(stopIds);
    }

    /**
     * As a message holds it.
     *
     * @throws RequestException if nothing is to be written, which FastChat's workers cannot be told
     */
    public ObjectNode json() {
        if (maxNewTokens == GenerateRequest.Limits.NOTHING) {
            throw new RequestException(new Failure.Unsupported("max_tokens", "the worker that serves this model speaks FastChat's"
                    + " protocol, which knows no answers without tokens; let max_tokens be 1 or more"));
        }
        ObjectNode json = Json.object().put("model", model).put("prompt", prompt).put("temperature", temperature)
                .put("top_p", topP).put("top_k", topK).put("repetition_penalty", repetitionPenalty)
                .put("presence_penalty", presencePenalty).put("frequency_penalty", frequencyPenalty)
                .put("max_new_tokens", maxNewTokens);
        json.set("stop", Json.texts(stops));
        ArrayNode ids = json.putArray("stop_token_ids");
        stopIds.forEach(id -> ids.add(id.intValue()));
        json.put("echo", echo);
        logprobs.ifPresent(count -> json.put("logprobs", count));
        return json;
    }

    /** Reads one. */
    public static FastChatRequest of(Fields fields) {
        return new FastChatRequest(fields.text("model", ""), fields.text("prompt"), fields.number("temperature", 1),
                fields.number("top_p", 1), fields.has("top_k") ? (int) fields.integer("top_k", -1, Integer.MAX_VALUE) : -1,
                fields.number("repetition_penalty", 1), fields.number("presence_penalty", 0),
                fields.number("frequency_penalty", 0), fields.count("max_new_tokens", DEFAULT_NEW_TOKENS), stops(fields, "stop"),
                fields.has("stop_token_ids") ? fields.integers("stop_token_ids", MAX_IDS) : List.of(), fields.flag("echo", true),
                fields.has("logprobs") ? Optional.of(fields.count("logprobs")) : Optional.empty(), foreign(fields));
    }

    /** No text, one, or a list of them; empty ones, which FastChat's templates hold, are none. */
    static List<String> stops(Fields fields, String key) {
        if (!fields.has(key)) {
            return List.of();
        }
        List<String> texts = fields.raw(key).isTextual() ? List.of(fields.text(key)) : fields.texts(key, Protocol.MAX_ELEMENTS);
        return texts.stream().filter(text -> !text.isEmpty()).toList();
    }

    private static String foreign(Fields fields) {
        if (fields.has("best_of") && !(fields.raw("best_of").isInt() && fields.raw("best_of").intValue() <= 1)) {
            return "best_of";
        }
        JsonNode beams = fields.raw("use_beam_search");
        if (beams.isBoolean() && beams.booleanValue()) {
            return "use_beam_search";
        }
        return fields.raw("images").size() > 0 ? "images" : "";
    }
}
