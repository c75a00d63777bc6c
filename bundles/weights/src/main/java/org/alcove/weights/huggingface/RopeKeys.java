package org.alcove.weights.huggingface;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.alcove.weights.ModelFormatException;
import org.alcove.weights.YarnMagnitude;
import org.alcove.weights.checkpoint.MetadataValue;
import org.alcove.weights.checkpoint.MetadataValue.Real;
import org.alcove.weights.checkpoint.MetadataValue.Text;
import org.alcove.weights.checkpoint.MetadataValue.Whole;

/**
 * RoPE settings of a {@code config.json}: {@code rope_theta} and {@code rope_scaling}, or both in {@code rope_parameters} as
 * transformers 5 writes them.
 */
final class RopeKeys {

    private static final double DEFAULT_BASE = 10_000;
    /** Members that say nothing about scaling. */
    private static final List<String> OTHER = List.of("rope_theta", "rope_type", "type", "partial_rotary_factor");

    private final JsonObject config;
    private final String prefix;
    private final Map<String, MetadataValue> keys;

    RopeKeys(JsonObject config, String prefix, Map<String, MetadataValue> keys) {
        this.config = config;
        this.prefix = prefix + "rope.";
        this.keys = keys;
    }

    void addAll() throws ModelFormatException {
        Optional<JsonObject> parameters = config.object("rope_parameters");
        boolean inside = parameters.isPresent() && parameters.get().has("rope_theta");
        boolean outside = config.has("rope_theta");
        double base = inside ? parameters.get().positiveNumber("rope_theta")
                : outside ? config.positiveNumber("rope_theta") : DEFAULT_BASE;
        keys.put(prefix + "freq_base", new Real(base));
        Optional<JsonObject> scaling = parameters.isPresent() ? parameters : config.object("rope_scaling");
        if (scaling.isPresent()) {
            addScaling(scaling.get());
        }
    }

    private void addScaling(JsonObject scaling) throws ModelFormatException {
        Optional<String> named = scaling.text("rope_type");
        String type = named.isPresent() ? named.get() : scaling.text("type").orElse("default");
        switch (type) {
            case "default" -> checkKnown(scaling, type, List.of());
            case "linear" -> {
                checkKnown(scaling, type, List.of("factor"));
                add(type, scaling, "factor", "factor");
            }
            case "llama3" -> {
                checkKnown(scaling, type,
                        List.of("factor", "low_freq_factor", "high_freq_factor", "original_max_position_embeddings"));
                add(type, scaling, "factor", "factor");
                add(type, scaling, "low_freq_factor", "low_freq_factor");
                add(type, scaling, "high_freq_factor", "high_freq_factor");
                addOriginalLength(scaling.positive("original_max_position_embeddings"));
            }
            case "yarn" -> addYarn(scaling);
            default -> throw scaling.error("rope_type", "RoPE scaling " + type
                    + " is not supported; default, linear, llama3 and yarn are");
        }
    }

    private void addYarn(JsonObject scaling) throws ModelFormatException {
        checkKnown(scaling, "yarn",
                List.of("factor", "original_max_position_embeddings", "attention_factor", "beta_fast", "beta_slow"));
        add("yarn", scaling, "factor", "factor");
        addOriginalLength(scaling.has("original_max_position_embeddings")
                ? scaling.positive("original_max_position_embeddings") : config.positive("max_position_embeddings"));
        if (scaling.has("attention_factor")) {
            // GGUF's key, which this becomes, says how often it is YaRN's own.
            keys.put(prefix + "scaling.attn_factor", new Real(scaling.positiveNumber("attention_factor")
                    / YarnMagnitude.of(scaling.positiveNumber("factor"))));
        }
        addIfThere(scaling, "beta_fast", "yarn_beta_fast");
        addIfThere(scaling, "beta_slow", "yarn_beta_slow");
    }

    private void add(String type, JsonObject scaling, String name, String key) throws ModelFormatException {
        keys.put(prefix + "scaling.type", new Text(type));
        keys.put(prefix + "scaling." + key, new Real(scaling.positiveNumber(name)));
    }

    private void addIfThere(JsonObject scaling, String name, String key) throws ModelFormatException {
        if (scaling.has(name)) {
            keys.put(prefix + "scaling." + key, new Real(scaling.positiveNumber(name)));
        }
    }

    private void addOriginalLength(int length) {
        keys.put(prefix + "scaling.original_context_length", new Whole(length));
    }

    private static void checkKnown(JsonObject scaling, String type, List<String> known) throws ModelFormatException {
        for (String key : scaling.keys()) {
            if (!known.contains(key) && !OTHER.contains(key) && !type.equals("default")) {
                throw scaling.error(key, "it is not known for RoPE scaling " + type);
            }
        }
    }
}
