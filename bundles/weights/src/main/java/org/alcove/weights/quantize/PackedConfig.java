package org.alcove.weights.quantize;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.alcove.api.kernel.PackedLayout;

/** The {@code quantization_config} of a folder in the format {@code pack-quantized}, as compressed-tensors reads it. */
final class PackedConfig {

    private PackedConfig() {
    }

    /**
     * Describes a folder.
     *
     * @param dense names of the linear modules that are not packed
     */
    static ObjectNode of(boolean symmetric, int groupSize, List<String> dense) {
        boolean channel = groupSize == PackedLayout.CHANNEL;
        ObjectNode config = JsonNodeFactory.instance.objectNode();
        config.put("quant_method", "compressed-tensors").put("format", "pack-quantized")
                .put("quantization_status", "compressed");
        ObjectNode group = config.putObject("config_groups").putObject("group_0");
        group.putArray("targets").add("Linear");
        ObjectNode weights = group.putObject("weights");
        weights.put("num_bits", 4).put("type", "int").put("symmetric", symmetric).put("strategy", channel ? "channel" : "group");
        if (channel) {
            weights.putNull("group_size");
        } else {
            weights.put("group_size", groupSize);
        }
        weights.put("dynamic", false).putNull("actorder").putNull("block_structure").put("observer", "minmax")
                .putObject("observer_kwargs");
        group.putNull("input_activations").putNull("output_activations");
        ArrayNode ignore = config.putArray("ignore");
        dense.forEach(ignore::add);
        config.putNull("kv_cache_scheme");
        return config;
    }
}
