package org.alcove.engine.forward;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.alcove.weights.ModelFormatException;
import org.alcove.weights.WeightMatrix;
import org.alcove.weights.Weights;

/**
 * A model ready to be computed: every tensor found, of the expected shape, and none left over.
 *
 * @param weights they come from
 * @param shape sizes
 * @param rope rotation of queries and keys
 * @param layers in order
 * @param embedding (vocabulary x width)
 * @param norm (width), before the head
 * @param head one matrix, (vocabulary x width)
 * @param headLengths length of each row of the head, by which its logits are divided; empty where they are not
 */
public record Model(Weights weights, ModelShape shape, Rope rope, List<Layer> layers, WeightMatrix embedding, MemorySegment norm,
        WeightMatrix[] head, float[] headLengths) {

    /**
     * Finds the tensors of a model.
     *
     * @param arena of the vectors
     * @throws ModelFormatException if the architecture is not known, or a tensor is missing, misshapen or unknown
     */
    public static Model of(Weights weights, Arena arena) throws ModelFormatException {
        return new ModelReader(weights, arena).read();
    }
}
