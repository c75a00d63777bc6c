package org.alcove.cluster.wire;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.alcove.api.worker.SamplingDefaults;

/** What a model recommends about its sampling, as a message holds it; what is absent is left out. */
final class SamplingJson {

    private SamplingJson() {
    }

    static ObjectNode of(SamplingDefaults sampling) {
        ObjectNode json = Json.object();
        sampling.temperature().ifPresent(value -> json.put("temperature", value));
        sampling.topK().ifPresent(value -> json.put("top_k", value));
        sampling.topP().ifPresent(value -> json.put("top_p", value));
        sampling.minP().ifPresent(value -> json.put("min_p", value));
        sampling.repetitionPenalty().ifPresent(value -> json.put("repetition_penalty", value));
        return json;
    }

    static SamplingDefaults read(Fields fields) {
        try {
            return new SamplingDefaults(number(fields, "temperature"),
                    fields.has("top_k") ? OptionalInt.of(fields.count("top_k")) : OptionalInt.empty(), number(fields, "top_p"),
                    number(fields, "min_p"), number(fields, "repetition_penalty"));
        } catch (IllegalArgumentException e) {
            throw fields.wrong("temperature", "or one beside it is out of range: " + e.getMessage());
        }
    }

    private static OptionalDouble number(Fields fields, String key) {
        return fields.has(key) ? OptionalDouble.of(fields.number(key)) : OptionalDouble.empty();
    }
}
