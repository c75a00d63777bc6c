package org.alcove.weights.huggingface;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How a family of Hugging Face models is called in GGUF's words. To add one is to add a constant here and, where its
 * configuration has particulars, a line in {@link ConfigKeys}; {@code docs/formats.md} walks through it.
 */
enum FolderArchitecture {
    LLAMA("llama", "llama", Tables.COMMON),
    MISTRAL("mistral", "llama", Tables.COMMON),
    YI("yi", "llama", Tables.with(Map.of("ln1", "attn_norm", "ln2", "ffn_norm"))),
    QWEN2("qwen2", "qwen2", Tables.COMMON),
    QWEN3("qwen3", "qwen3", Tables.with(Map.of("self_attn.q_norm", "attn_q_norm", "self_attn.k_norm", "attn_k_norm"))),
    BAICHUAN("baichuan", "baichuan", Tables.with(Map.of("self_attn.W_pack", "attn_qkv")));

    private static final Pattern LAYER = Pattern.compile("model\\.layers\\.(0|[1-9]\\d{0,4})\\.(.+)");
    private static final Pattern BLOCK = Pattern.compile("blk\\.(0|[1-9]\\d{0,4})\\.(.+)");
    /** Names at the top of a model, without {@code .weight}. */
    private static final Map<String, String> TOP =
            Map.of("model.embed_tokens", "token_embd", "model.norm", "output_norm", "lm_head", "output");
    /** Buffers that old checkpoints hold and nobody reads. */
    private static final Pattern IGNORED = Pattern.compile(".*\\.rotary_emb\\.(inv_freq|cos_cached|sin_cached)");

    private final String modelType;
    private final String ggufName;
    private final Map<String, String> layerTensors;

    FolderArchitecture(String modelType, String ggufName, Map<String, String> layerTensors) {
        this.modelType = modelType;
        this.ggufName = ggufName;
        this.layerTensors = layerTensors;
    }

    static Optional<FolderArchitecture> of(String modelType) {
        for (FolderArchitecture architecture : values()) {
            if (architecture.modelType.equalsIgnoreCase(modelType)) {
                return Optional.of(architecture);
            }
        }
        return Optional.empty();
    }

    static boolean isIgnored(String tensor) {
        return IGNORED.matcher(tensor).matches();
    }

    /** The architecture's name in GGUF. */
    String ggufName() {
        return ggufName;
    }

    /**
     * GGUF name of a module, both without {@code .weight}.
     *
     * @param module for example {@code model.layers.3.mlp.up_proj}
     * @param layers number of layers
     * @return for example {@code blk.3.ffn_up}; empty for what this architecture does not have
     */
    Optional<String> ggufName(String module, int layers) {
        Matcher layer = LAYER.matcher(module);
        if (!layer.matches()) {
            return Optional.ofNullable(TOP.get(module));
        }
        int number = Integer.parseInt(layer.group(1));
        return number >= layers ? Optional.empty()
                : Optional.ofNullable(layerTensors.get(layer.group(2))).map(name -> "blk." + number + "." + name);
    }

    /**
     * The module a GGUF name stands for, both without {@code .weight}; the way back from {@link #ggufName(String, int)}. Where
     * two modules share a GGUF name, the usual one.
     */
    Optional<String> module(String ggufName) {
        for (Map.Entry<String, String> entry : TOP.entrySet()) {
            if (entry.getValue().equals(ggufName)) {
                return Optional.of(entry.getKey());
            }
        }
        Matcher layer = BLOCK.matcher(ggufName);
        if (!layer.matches()) {
            return Optional.empty();
        }
        String found = null;
        for (Map.Entry<String, String> entry : layerTensors.entrySet()) {
            if (entry.getValue().equals(layer.group(2)) && (found == null || Tables.COMMON.containsKey(entry.getKey()))) {
                found = entry.getKey();
            }
        }
        return Optional.ofNullable(found).map(name -> "model.layers." + layer.group(1) + "." + name);
    }

    /** Names of a layer's modules and their names in GGUF. */
    private static final class Tables {

        static final Map<String, String> COMMON = Map.of(
                "input_layernorm", "attn_norm",
                "post_attention_layernorm", "ffn_norm",
                "self_attn.q_proj", "attn_q",
                "self_attn.k_proj", "attn_k",
                "self_attn.v_proj", "attn_v",
                "self_attn.o_proj", "attn_output",
                "mlp.gate_proj", "ffn_gate",
                "mlp.up_proj", "ffn_up",
                "mlp.down_proj", "ffn_down");

        static Map<String, String> with(Map<String, String> more) {
            Map<String, String> all = new LinkedHashMap<>(COMMON);
            all.putAll(more);
            return Map.copyOf(all);
        }
    }
}
