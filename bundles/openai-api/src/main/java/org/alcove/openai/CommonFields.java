package org.alcove.openai;

import static org.alcove.openai.Rule.noEffect;
import static org.alcove.openai.Rule.refusedUnless;
import static org.alcove.openai.Rule.works;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** Fields that chat and text completions share. */
final class CommonFields {

    static final int MAX_CHOICES_PER_PROMPT = 128;
    static final int MAX_STOPS = 64;
    private static final int MAX_STOP_LENGTH = 1024;
    private static final int MAX_BIASES = 4096;
    private static final int MAX_NAME = 512;

    private CommonFields() {
    }

    /** Which model, and how its answer comes. */
    static List<Rule<Draft>> answer() {
        return List.of(
                works("model", (draft, value) -> draft.model = model(value)),
                works("n", (draft, value) -> draft.choices = value.integer(1, MAX_CHOICES_PER_PROMPT)),
                works("stream", (draft, value) -> draft.stream = value.bool()),
                works("stream_options", CommonFields::streamOptions),
                noEffect("user", value -> value.text(MAX_NAME)));
    }

    /** How the next token is chosen. */
    static List<Rule<Draft>> sampling() {
        return List.of(
                works("temperature", (draft, value) -> draft.temperature = OptionalDouble.of(value.number(0, 2))),
                works("top_p", (draft, value) -> draft.topP = OptionalDouble.of(value.number(0, 1))),
                works("top_k",
                        (draft, value) -> draft.topK = OptionalInt.of(Math.max(0, value.integer(-1, Integer.MAX_VALUE)))),
                works("min_p", (draft, value) -> draft.minP = OptionalDouble.of(value.number(0, 1))),
                works("frequency_penalty", (draft, value) -> draft.frequencyPenalty = (float) value.number(-2, 2)),
                works("presence_penalty", (draft, value) -> draft.presencePenalty = (float) value.number(-2, 2)),
                works("repetition_penalty",
                        (draft, value) -> draft.repetitionPenalty = OptionalDouble.of(value.number(0.01, 10))),
                works("logit_bias", (draft, value) -> draft.logitBias = biases(value)),
                works("seed", (draft, value) -> draft.seed = OptionalLong.of(value.integer(Long.MIN_VALUE, Long.MAX_VALUE))));
    }

    /** When to stop; the most tokens are spelled differently. */
    static List<Rule<Draft>> stopping() {
        return List.of(
                works("stop", (draft, value) -> draft.stops = stops(value)),
                works("stop_token_ids", (draft, value) -> draft.stopIds = ids(value, 0, MAX_STOPS)),
                works("min_tokens", (draft, value) -> draft.minTokens = value.integer(0, Integer.MAX_VALUE)),
                works("ignore_eos", (draft, value) -> draft.ignoreEnd = value.bool()));
    }

    private static String model(Value value) {
        String name = value.text(MAX_NAME);
        if (name.isEmpty()) {
            throw ApiException.missing("model");
        }
        return name;
    }

    private static void streamOptions(Draft draft, Value value) {
        Draft.StreamOptions options = new Draft.StreamOptions();
        new FieldTable<Draft.StreamOptions>(List.of(
                works("include_usage", (it, usage) -> it.includeUsage = usage.bool()),
                refusedUnless("include_obfuscation", wanted -> !wanted.bool(), "events are not padded; leave it out")))
                .read(value, options);
        draft.streamOptions = Optional.of(options);
    }

    private static List<String> stops(Value value) {
        List<Value> values = value.node().isTextual() ? List.of(value) : value.list(0, MAX_STOPS);
        List<String> stops = new ArrayList<>();
        for (Value stop : values) {
            String text = stop.text(MAX_STOP_LENGTH);
            if (text.isEmpty()) {
                throw ApiException.invalid(stop.path(), stop.path() + " is empty and would end every answer; leave it out");
            }
            stops.add(text);
        }
        return stops;
    }

    static List<Integer> ids(Value value, int min, int max) {
        List<Integer> ids = new ArrayList<>();
        value.list(min, max).forEach(id -> ids.add(id.integer(0, Integer.MAX_VALUE)));
        return ids;
    }

    private static Map<Integer, Float> biases(Value value) {
        Map<Integer, Float> biases = new HashMap<>();
        value.fields(MAX_BIASES).forEach(entry -> {
            String id = entry.getKey();
            if (!id.matches("0|[1-9][0-9]{0,8}")) {
                throw ApiException.invalid(value.path(), "logit_bias has the key \"" + Value.shortened(id)
                        + "\"; its keys must be token ids");
            }
            biases.put(Integer.valueOf(id), (float) entry.getValue().number(-100, 100));
        });
        return biases;
    }
}
