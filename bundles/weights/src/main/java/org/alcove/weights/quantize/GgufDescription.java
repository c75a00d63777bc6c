package org.alcove.weights.quantize;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.alcove.weights.ModelFile;
import org.alcove.weights.ModelFormatException;
import org.alcove.weights.SamplingKey;
import org.alcove.weights.VocabularyConverter;
import org.alcove.weights.gguf.GgufKey;

/** The keys of a GGUF file made from a Hugging Face folder, each with the type GGUF's runtimes expect. */
final class GgufDescription {

    private static final List<String> COUNTS = List.of("vocab_size", "context_length", "embedding_length", "block_count",
            "feed_forward_length", "attention.head_count", "attention.head_count_kv", "attention.key_length",
            "attention.value_length", "attention.sliding_window", "rope.dimension_count",
            "rope.scaling.original_context_length");
    private static final List<String> REALS = List.of("attention.layer_norm_rms_epsilon", "rope.freq_base",
            "rope.scaling.factor", "rope.scaling.attn_factor", "rope.scaling.yarn_beta_fast", "rope.scaling.yarn_beta_slow");

    private final ModelFile file;
    private final ModelKeys model;
    private final Map<String, GgufKey> keys = new LinkedHashMap<>();

    GgufDescription(ModelFile file) {
        this.file = file;
        this.model = new ModelKeys(file);
    }

    /** All keys of the file. */
    Collection<GgufKey> of(Scheme scheme, VocabularyConverter.GgufVocabulary vocabulary) throws ModelFormatException {
        put(GgufKey.text("general.architecture", file.architecture()));
        put(GgufKey.text("general.name", file.name()));
        GgufTarget.describe(keys, scheme);
        boolean llama3 = RopeFactors.of(file).isPresent();
        for (String key : COUNTS) {
            if (model.integer(key).isPresent() && !(llama3 && key.startsWith("rope.scaling"))) {
                put(GgufKey.uint32(full(key), model.positive(key)));
            }
        }
        for (String key : REALS) {
            if (model.number(key).isPresent() && !(llama3 && key.startsWith("rope.scaling"))) {
                put(GgufKey.float32(full(key), (float) model.positiveNumber(key)));
            }
        }
        // Llama 3.1's scaling is a tensor in GGUF: runtimes know no such type.
        Optional<String> scaling = model.text("rope.scaling.type").filter(type -> !llama3);
        scaling.ifPresent(type -> put(GgufKey.text(full("rope.scaling.type"), type)));
        addVocabulary(vocabulary);
        for (String key : file.keys()) {
            if (key.equals("tokenizer.chat_template") || key.startsWith("tokenizer.chat_template.")) {
                file.text(key).ifPresent(template -> put(GgufKey.text(key, template)));
            }
        }
        if (file.integers(ModelFile.END_TOKEN_IDS).length > 0) {
            put(GgufKey.int32s(ModelFile.END_TOKEN_IDS, file.integers(ModelFile.END_TOKEN_IDS)));
        }
        addSampling();
        return keys.values();
    }

    private void addSampling() {
        for (SamplingKey key : SamplingKey.values()) {
            if (key == SamplingKey.TOP_K) {
                file.integer(key.key()).ifPresent(value -> put(GgufKey.uint32(key.key(), Math.max(0, value))));
            } else {
                file.number(key.key()).ifPresent(value -> put(GgufKey.float32(key.key(), (float) value)));
            }
        }
    }

    private void addVocabulary(VocabularyConverter.GgufVocabulary vocabulary) {
        put(GgufKey.text("tokenizer.ggml.model", vocabulary.model()));
        vocabulary.pre().ifPresent(pre -> put(GgufKey.text("tokenizer.ggml.pre", pre)));
        put(GgufKey.texts("tokenizer.ggml.tokens", vocabulary.tokens()));
        put(GgufKey.int32s("tokenizer.ggml.token_type", vocabulary.kinds()));
        if (vocabulary.scores().length > 0) {
            put(GgufKey.float32s("tokenizer.ggml.scores", vocabulary.scores()));
        }
        if (!vocabulary.merges().isEmpty()) {
            put(GgufKey.texts("tokenizer.ggml.merges", vocabulary.merges()));
        }
        vocabulary.ids().forEach((key, id) -> put(GgufKey.uint32("tokenizer.ggml." + key, id)));
        vocabulary.flags().forEach((key, flag) -> put(GgufKey.flag("tokenizer.ggml." + key, flag)));
    }

    private String full(String key) {
        return file.architecture() + "." + key;
    }

    private void put(GgufKey key) {
        keys.put(key.name(), key);
    }
}
