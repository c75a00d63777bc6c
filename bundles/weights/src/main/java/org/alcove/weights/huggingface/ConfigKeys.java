package org.alcove.weights.huggingface;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.alcove.weights.ModelFile;
import org.alcove.weights.ModelFormatException;
import org.alcove.weights.checkpoint.MetadataValue;
import org.alcove.weights.checkpoint.MetadataValue.Flag;
import org.alcove.weights.checkpoint.MetadataValue.Real;
import org.alcove.weights.checkpoint.MetadataValue.Text;
import org.alcove.weights.checkpoint.MetadataValue.Whole;

/** Says what a {@code config.json} says in GGUF's keys. What it cannot say is an error, never left out. */
final class ConfigKeys {

    private static final int BAICHUAN2_VOCABULARY = 125_696;
    private static final int BAICHUAN_13B_LAYERS = 40;

    private final JsonObject config;
    private final FolderArchitecture architecture;
    private final Map<String, MetadataValue> keys;
    private final String prefix;

    ConfigKeys(JsonObject config, FolderArchitecture architecture, Map<String, MetadataValue> keys) {
        this.config = config;
        this.architecture = architecture;
        this.keys = keys;
        this.prefix = architecture.ggufName() + ".";
    }

    void addAll() throws ModelFormatException {
        keys.put(ModelFile.ROPE_PAIRING, new Text("halves"));
        put("vocab_size", config.positive("vocab_size"));
        put("context_length", contextLength());
        put("block_count", config.positive("num_hidden_layers"));
        put("feed_forward_length", config.positive("intermediate_size"));
        keys.put(prefix + "attention.layer_norm_rms_epsilon", new Real(config.positiveNumber("rms_norm_eps")));
        addHeads();
        addActivation();
        addSlidingWindow();
        new RopeKeys(config, prefix, keys).addAll();
        if (architecture == FolderArchitecture.BAICHUAN) {
            addBaichuan();
        }
    }

    private void addHeads() throws ModelFormatException {
        int hidden = config.positive("hidden_size");
        int heads = config.positive("num_attention_heads");
        put("embedding_length", hidden);
        put("attention.head_count", heads);
        put("attention.head_count_kv", config.has("num_key_value_heads") ? config.positive("num_key_value_heads") : heads);
        int headSize;
        if (config.has("head_dim")) {
            headSize = config.positive("head_dim");
            put("attention.key_length", headSize);
            put("attention.value_length", headSize);
        } else if (hidden % heads == 0) {
            headSize = hidden / heads;
        } else {
            throw config.error("num_attention_heads", heads + " heads do not divide hidden_size " + hidden
                    + ", and there is no head_dim");
        }
        double rotary = headSize * rotaryFactor();
        if (rotary < 2 || rotary > headSize || rotary % 2 != 0) {
            throw config.error("partial_rotary_factor", "it leaves " + rotary + " of " + headSize
                    + " columns of a head to rotate; an even number of them is needed");
        }
        put("rope.dimension_count", (long) rotary);
    }

    private double rotaryFactor() throws ModelFormatException {
        Optional<JsonObject> rope = config.object("rope_parameters");
        if (rope.isPresent() && rope.get().has("partial_rotary_factor")) {
            return rope.get().positiveNumber("partial_rotary_factor");
        }
        return config.number("partial_rotary_factor").orElse(1);
    }

    /** Baichuan calls it model_max_length in some of its versions. */
    private int contextLength() throws ModelFormatException {
        boolean other = !config.has("max_position_embeddings") && config.has("model_max_length");
        return config.positive(other ? "model_max_length" : "max_position_embeddings");
    }

    private void addActivation() throws ModelFormatException {
        String activation = config.text("hidden_act").orElse("silu");
        if (!activation.equals("silu") && !activation.equals("swish")) {
            throw config.error("hidden_act", "activation " + activation + " is not supported, silu is");
        }
    }

    private void addSlidingWindow() throws ModelFormatException {
        if (!config.has("sliding_window") || !config.flag("use_sliding_window").orElse(true)) {
            return;
        }
        int window = config.positive("sliding_window");
        if (window >= contextLength()) {
            return;
        }
        long sliding = slidingLayers();
        int layers = config.positive("num_hidden_layers");
        if (sliding > 0 && sliding < layers) {
            throw config.error("sliding_window", "it holds for " + sliding + " of " + layers
                    + " layers; a window on some layers only is not supported");
        }
        if (sliding > 0) {
            put("attention.sliding_window", window);
        }
    }

    private long slidingLayers() throws ModelFormatException {
        int layers = config.positive("num_hidden_layers");
        List<JsonNode> types = config.list("layer_types");
        if (!types.isEmpty()) {
            if (types.size() != layers) {
                throw config.error("layer_types", "it lists " + types.size() + " layers, num_hidden_layers says " + layers);
            }
            return types.stream().filter(type -> type.asText().equals("sliding_attention")).count();
        }
        boolean qwen = architecture == FolderArchitecture.QWEN2 || architecture == FolderArchitecture.QWEN3;
        // Qwen's first max_window_layers layers see everything.
        return qwen ? Math.max(0, layers - config.integer("max_window_layers").orElse(0)) : layers;
    }

    private void addBaichuan() throws ModelFormatException {
        if (config.positive("num_hidden_layers") == BAICHUAN_13B_LAYERS) {
            throw config.error("num_hidden_layers", "Baichuan models of " + BAICHUAN_13B_LAYERS
                    + " layers use ALiBi positions, which are not supported; those of 32 layers are");
        }
        boolean second = config.has("z_loss_weight") || config.positive("vocab_size") == BAICHUAN2_VOCABULARY;
        keys.put(ModelFile.NORMALIZED_HEAD, new Flag(second));
    }

    private void put(String key, long value) {
        keys.put(prefix + key, new Whole(value));
    }
}
