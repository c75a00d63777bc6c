package org.alcove.weights.quantize;

import org.alcove.api.kernel.FloatMatrix;

/**
 * A tensor of the source, as the target wants its rows.
 *
 * @param name GGUF name
 * @param type type as the source spells it
 * @param values its values
 * @param vector whether it has one dimension
 * @param bytes its size in the source
 */
record SourceTensor(String name, String type, FloatMatrix values, boolean vector, long bytes) {

    /** The same with other values. */
    SourceTensor with(FloatMatrix other) {
        return new SourceTensor(name, type, other, vector, bytes);
    }
}
