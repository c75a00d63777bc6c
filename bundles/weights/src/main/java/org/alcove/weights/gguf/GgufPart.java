package org.alcove.weights.gguf;

import java.util.List;
import java.util.Map;
import org.alcove.api.kernel.MatrixShape;
import org.alcove.weights.checkpoint.MetadataValue;

/**
 * What one GGUF file says.
 *
 * @param bytes size of the file
 * @param metadata keys and values
 * @param tensors tensors, in the order of the file
 */
record GgufPart(long bytes, Map<String, MetadataValue> metadata, List<Entry> tensors) {

    /**
     * A tensor of the file.
     *
     * @param offset first byte, from the start of the file
     */
    record Entry(String name, GgufType type, MatrixShape shape, boolean vector, long offset, long bytes) {
    }

    long whole(String key, long absent) {
        return metadata.get(key) instanceof MetadataValue.Whole(long value) ? value : absent;
    }
}
