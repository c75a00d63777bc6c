package org.alcove.cluster.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.alcove.api.worker.SamplingParameters;

/** How tokens are chosen, as messages hold it. Numbers are written as doubles, so that every float arrives bit by bit. */
final class SamplingCodec {

    private static final int MAX_BIASES = 1 << 20;

    private SamplingCodec() {
    }

    static ObjectNode json(SamplingParameters sampling) {
        ObjectNode json = Json.object().put("temperature", (double) sampling.temperature()).put("top_k", sampling.topK())
                .put("top_p", (double) sampling.topP()).put("min_p", (double) sampling.minP())
                .put("repetition_penalty", (double) sampling.repetitionPenalty())
                .put("presence_penalty", (double) sampling.presencePenalty())
                .put("frequency_penalty", (double) sampling.frequencyPenalty());
        ArrayNode biases = json.putArray("logit_bias");
        new TreeMap<>(sampling.logitBias()).forEach((id, bias) -> biases.addArray().add(id).add(bias.doubleValue()));
        sampling.seed().ifPresent(seed -> json.put("seed", seed));
        return json;
    }

    static SamplingParameters of(Fields fields) {
        return new SamplingParameters((float) fields.number("temperature"), fields.count("top_k"), (float) fields.number("top_p"),
                (float) fields.number("min_p"), (float) fields.number("repetition_penalty"),
                (float) fields.number("presence_penalty"), (float) fields.number("frequency_penalty"), biases(fields),
                fields.has("seed") ? OptionalLong.of(fields.integer("seed", Long.MIN_VALUE, Long.MAX_VALUE))
                        : OptionalLong.empty());
    }

    private static Map<Integer, Float> biases(Fields fields) {
        Map<Integer, Float> biases = new HashMap<>();
        for (JsonNode pair : fields.list("logit_bias", MAX_BIASES)) {
            if (pair.size() != 2 || !pair.path(0).isInt() || !pair.path(1).isNumber()) {
                throw fields.wrong("logit_bias", "must hold pairs of a token id and a number");
            }
            biases.put(pair.path(0).intValue(), (float) pair.path(1).doubleValue());
        }
        return biases;
    }
}
