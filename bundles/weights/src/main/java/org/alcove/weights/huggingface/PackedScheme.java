package org.alcove.weights.huggingface;

import java.util.List;
import java.util.Optional;
import org.alcove.api.kernel.PackedLayout;
import org.alcove.weights.ModelFormatException;

/**
 * How the matrices of a folder are quantized: compressed-tensors, format {@code pack-quantized}, 4 bits.
 *
 * @param symmetric whether zero points are missing
 * @param groupSize weights per scale, or {@link PackedLayout#CHANNEL}
 */
record PackedScheme(boolean symmetric, int groupSize) {

    private static final String FORMAT = "pack-quantized";
    private static final List<Integer> GROUPS = List.of(32, 64, 128, 256, 512, 1024);

    /** The scheme of a {@code config.json}; empty where the model is not quantized. */
    static Optional<PackedScheme> of(JsonObject config) throws ModelFormatException {
        String key = config.has("compression_config") ? "compression_config" : "quantization_config";
        Optional<JsonObject> found = config.object(key);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        JsonObject quantization = found.get();
        String method = quantization.text("quant_method").orElse("of no name");
        if (!method.equals("compressed-tensors")) {
            throw quantization.error("quant_method", "quantization " + method + " is not supported; compressed-tensors is");
        }
        checkAbsent(quantization, "kv_cache_scheme");
        Optional<JsonObject> sparsity = quantization.object("sparsity_config");
        if (sparsity.isPresent() && !sparsity.get().text("format").orElse("dense").equals("dense")) {
            throw quantization.error("sparsity_config", "sparse weights are not supported");
        }
        JsonObject groups = quantization.object("config_groups")
                .orElseThrow(() -> quantization.error("config_groups", "it is missing"));
        Optional<PackedScheme> scheme = Optional.empty();
        for (JsonObject group : groups.objects().values()) {
            PackedScheme one = group(quantization, group);
            if (scheme.isPresent() && !scheme.get().equals(one)) {
                throw quantization.error("config_groups", "groups of different schemes are not supported");
            }
            scheme = Optional.of(one);
        }
        if (scheme.isEmpty()) {
            throw quantization.error("config_groups", "it is empty");
        }
        return scheme;
    }

    private static PackedScheme group(JsonObject quantization, JsonObject group) throws ModelFormatException {
        Optional<String> own = group.text("format");
        String format = own.isPresent() ? own.get() : quantization.text("format").orElse("of no name");
        if (!format.equals(FORMAT)) {
            throw quantization.error("format", "format " + format + " is not supported; " + FORMAT + " is");
        }
        checkAbsent(group, "input_activations");
        checkAbsent(group, "output_activations");
        JsonObject weights = group.object("weights").orElseThrow(() -> group.error("weights", "it is missing"));
        int bits = weights.positive("num_bits");
        String type = weights.text("type").orElse("int");
        if (bits != 4 || !type.equals("int")) {
            throw weights.error("num_bits", bits + " bits of type " + type + " are not supported; 4 bits of type int are");
        }
        if (weights.flag("dynamic").orElse(false)) {
            throw weights.error("dynamic", "it must be false for weights");
        }
        return new PackedScheme(weights.flag("symmetric").orElse(true), groupSize(weights));
    }

    private static int groupSize(JsonObject weights) throws ModelFormatException {
        int size = weights.integer("group_size").orElse(-1);
        String strategy = weights.text("strategy").orElse(size > 0 ? "group" : "channel");
        return switch (strategy) {
            case "channel" -> PackedLayout.CHANNEL;
            case "group" -> {
                if (size == -1) {
                    yield PackedLayout.CHANNEL;
                }
                if (!GROUPS.contains(size)) {
                    throw weights.error("group_size", size + " is not supported; " + GROUPS + " are, and strategy channel");
                }
                yield size;
            }
            default -> throw weights.error("strategy", strategy + " is not supported; group and channel are");
        };
    }

    private static void checkAbsent(JsonObject in, String key) throws ModelFormatException {
        if (in.has(key)) {
            throw in.error(key, "it is not supported; only weights may be quantized");
        }
    }
}
