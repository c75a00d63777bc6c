package org.alcove.weights.quantize;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import org.alcove.weights.ModelFile;
import org.alcove.weights.ModelFormatException;
import org.alcove.weights.SamplingKey;
import org.alcove.weights.YarnMagnitude;

/** Says what the keys of a GGUF file say as {@code config.json}. What it cannot say is an error, never left out. */
final class FolderConfig {

    private static final Map<String, String> CLASSES = Map.of("llama", "LlamaForCausalLM", "mistral", "MistralForCausalLM",
            "qwen2", "Qwen2ForCausalLM", "qwen3", "Qwen3ForCausalLM", "baichuan", "BaichuanForCausalLM");
    private static final double DEFAULT_BASE = 10_000;
    private static final String FACTOR = "rope.scaling.factor";
    private static final String ATTENTION_FACTOR = "rope.scaling.attn_factor";

    private final ModelFile file;
    private final ModelKeys keys;
    private final float[] ropeFactors;
    private final ObjectNode config = JsonNodeFactory.instance.objectNode();

    /** @param ropeFactors values of {@code rope_freqs.weight}; empty where there is none */
    FolderConfig(ModelFile file, float[] ropeFactors) {
        this.file = file;
        this.keys = new ModelKeys(file);
        this.ropeFactors = ropeFactors;
    }

    /** The {@code model_type} of a GGUF file; of the llama family, those with a sliding window are Mistral's. */
    static String modelType(ModelFile file) throws ModelFormatException {
        boolean window = new ModelKeys(file).integer("attention.sliding_window").isPresent();
        String type = file.architecture().equals("llama") && window ? "mistral" : file.architecture();
        if (!CLASSES.containsKey(type)) {
            throw new ModelFormatException(file.path() + ": there is no config.json for models of architecture \""
                    + file.architecture() + "\"; choose --format gguf");
        }
        return type;
    }

    /** The configuration of a model with these tensors. */
    ObjectNode of(List<FolderTarget.FolderTensor> tensors) throws ModelFormatException {
        String type = modelType(file);
        config.putArray("architectures").add(CLASSES.get(type));
        config.put("model_type", type).put("torch_dtype", "float16");
        config.put("vocab_size", tensors.stream().filter(tensor -> tensor.plan().name().equals("token_embd.weight"))
                .findFirst().orElseThrow(() -> new ModelFormatException(file.path() + ": tensor token_embd.weight is missing"))
                .plan().shape().rows());
        addSizes(type);
        config.put("hidden_act", "silu").put("rms_norm_eps", decimal("attention.layer_norm_rms_epsilon"));
        config.put("tie_word_embeddings", !file.tensors().containsKey("output.weight"));
        if (type.equals("llama")) {
            config.put("attention_bias", file.tensors().containsKey("blk.0.attn_q.bias")).put("mlp_bias", false);
        }
        addWindow(type);
        addRope();
        if (file.flag(ModelFile.NORMALIZED_HEAD).orElse(false)) {
            // The sign by which Baichuan2, whose head is normalized, is told from Baichuan.
            config.put("z_loss_weight", 0);
        }
        addIds(config, false);
        return config;
    }

    private void addSizes(String type) throws ModelFormatException {
        int headSize = keys.headSize();
        config.put("hidden_size", keys.positive("embedding_length"))
                .put("intermediate_size", keys.positive("feed_forward_length"))
                .put("num_hidden_layers", keys.positive("block_count")).put("num_attention_heads", keys.heads())
                .put("num_key_value_heads", keys.keyHeads());
        int context = keys.positive("context_length");
        config.put("max_position_embeddings", context);
        if (type.equals("baichuan")) {
            config.put("model_max_length", context);
        } else {
            config.put("head_dim", headSize);
        }
        int valueSize = keys.integer("attention.value_length").orElse(headSize);
        if (valueSize != headSize) {
            throw keys.error("attention.value_length", "it is " + valueSize + ", config.json can only say the size of keys, "
                    + headSize);
        }
        int rotated = RotaryOrder.of(file).rotated();
        if (rotated != headSize) {
            config.put("partial_rotary_factor", (double) rotated / headSize);
        }
    }

    private void addWindow(String type) throws ModelFormatException {
        if (keys.integer("attention.sliding_window").isEmpty()) {
            return;
        }
        config.put("sliding_window", keys.positive("attention.sliding_window"));
        if (type.startsWith("qwen")) {
            config.put("use_sliding_window", true).put("max_window_layers", 0);
        }
    }

    private void addRope() throws ModelFormatException {
        double base = keys.number("rope.freq_base").isPresent() ? keys.positiveNumber("rope.freq_base") : DEFAULT_BASE;
        config.put("rope_theta", shortest(base));
        String type = keys.text("rope.scaling.type").orElse("linear");
        String key = keys.number(FACTOR).isPresent() ? FACTOR : "rope.scale_linear";
        // GGUF's word for no scaling is also a factor of 0.
        boolean stretched = keys.number(key).orElse(0) != 0 && keys.positiveNumber(key) != 1;
        if (ropeFactors.length > 0 && (type.equals("yarn") || type.equals("linear") && stretched)) {
            throw keys.error(key, "RoPE scaling " + type + " stands beside the table " + RopeFactors.TENSOR
                    + ", and config.json can say one of them only; choose --format gguf");
        }
        if (!type.equals("yarn") && attentionFactor() != 1) {
            throw keys.error(ATTENTION_FACTOR, "it is " + shortest(attentionFactor())
                    + ", which config.json can say only of yarn; choose --format gguf");
        }
        if (ropeFactors.length > 0) {
            addFactors(base);
            return;
        }
        switch (type) {
            case "none" -> {
            }
            case "linear" -> {
                if (stretched) {
                    config.putObject("rope_scaling").put("rope_type", "linear").put("factor", decimal(key));
                }
            }
            case "yarn" -> addYarn();
            default -> throw keys.error("rope.scaling.type", "RoPE scaling " + type
                    + " cannot be written as config.json; linear and yarn can");
        }
    }

    /** How often the magnitude that the kind of scaling has by itself. */
    private double attentionFactor() throws ModelFormatException {
        return keys.number(ATTENTION_FACTOR).isPresent() ? keys.positiveNumber(ATTENTION_FACTOR) : 1;
    }

    private void addFactors(double base) throws ModelFormatException {
        RopeFactors found = RopeFactors.fitting(ropeFactors, base).orElseThrow(() -> new ModelFormatException(file.path()
                + ": tensor " + RopeFactors.TENSOR + " is no table of Llama 3.1's RoPE scaling, which is what config.json can"
                + " say; choose --format gguf"));
        if (found.factor() != 1) {
            config.putObject("rope_scaling").put("rope_type", "llama3").put("factor", found.factor())
                    .put("low_freq_factor", found.low()).put("high_freq_factor", found.high())
                    .put("original_max_position_embeddings", found.originalLength());
        }
    }

    private void addYarn() throws ModelFormatException {
        ObjectNode scaling = config.putObject("rope_scaling").put("rope_type", "yarn")
                .put("factor", decimal(FACTOR))
                .put("original_max_position_embeddings", keys.positive("rope.scaling.original_context_length"));
        if (keys.number(ATTENTION_FACTOR).isPresent()) {
            scaling.put("attention_factor", shortest(attentionFactor() * YarnMagnitude.of(keys.positiveNumber(FACTOR))));
        }
        Map<String, String> more = Map.of("rope.scaling.yarn_beta_fast", "beta_fast", "rope.scaling.yarn_beta_slow", "beta_slow");
        for (Map.Entry<String, String> entry : more.entrySet()) {
            if (keys.number(entry.getKey()).isPresent()) {
                scaling.put(entry.getValue(), decimal(entry.getKey()));
            }
        }
    }

    /** The {@code generation_config.json}: where answers begin, all ids that end them, and how tokens are chosen. */
    ObjectNode generation() {
        ObjectNode generation = JsonNodeFactory.instance.objectNode();
        addIds(generation, true);
        addSampling(generation);
        return generation;
    }

    /** Temperature 0 is spelled as not drawing: readers of these files divide by it. */
    private void addSampling(ObjectNode generation) {
        for (SamplingKey key : SamplingKey.values()) {
            OptionalDouble value = file.number(key.key());
            if (value.isEmpty()) {
                continue;
            }
            if (key == SamplingKey.TEMPERATURE) {
                generation.put(SamplingKey.DRAWN, value.getAsDouble() > 0);
            }
            if (key == SamplingKey.TOP_K) {
                generation.put(key.setting(), (int) value.getAsDouble());
            } else if (key != SamplingKey.TEMPERATURE || value.getAsDouble() > 0) {
                generation.put(key.setting(), shortest(value.getAsDouble()));
            }
        }
    }

    private void addIds(ObjectNode target, boolean allEnds) {
        file.integer("tokenizer.ggml.bos_token_id").ifPresent(id -> target.put("bos_token_id", id));
        file.integer("tokenizer.ggml.padding_token_id").ifPresent(id -> target.put("pad_token_id", id));
        Set<Integer> ends = new LinkedHashSet<>();
        for (String key : List.of("eos_token_id", "eot_token_id", "eom_token_id")) {
            file.integer("tokenizer.ggml." + key).ifPresent(ends::add);
        }
        for (int id : file.integers(ModelFile.END_TOKEN_IDS)) {
            ends.add(id);
        }
        Optional<Integer> first = ends.stream().findFirst();
        if (allEnds && ends.size() > 1) {
            ArrayNode list = target.putArray("eos_token_id");
            ends.forEach(list::add);
        } else if (first.isPresent()) {
            target.put("eos_token_id", first.get());
        }
    }

    private BigDecimal decimal(String key) throws ModelFormatException {
        return shortest(keys.positiveNumber(key));
    }

    /** The shortest decimal that is the same float32, which is what GGUF holds: 1.0E-5, not 9.999999747378752E-6. */
    private static BigDecimal shortest(double value) {
        return (float) value == value ? new BigDecimal(Float.toString((float) value)) : BigDecimal.valueOf(value);
    }
}
