package org.alcove.engine.forward;

import java.lang.foreign.MemorySegment;
import org.alcove.weights.WeightMatrix;

/**
 * Weights of one layer. Vectors are float32; one that the model does not have is {@link #NONE}.
 *
 * @param attentionNorm (width)
 * @param qkv projections to queries, keys and values
 * @param qkvBiases their biases
 * @param queryNorm (headSize)
 * @param keyNorm (headSize)
 * @param output one matrix: from heads back to the width
 * @param outputBias (width)
 * @param feedForwardNorm (width)
 * @param gateUp two matrices to the hidden width
 * @param down one matrix back to the width
 */
record Layer(MemorySegment attentionNorm, WeightMatrix[] qkv, MemorySegment[] qkvBiases, MemorySegment queryNorm,
        MemorySegment keyNorm, WeightMatrix[] output, MemorySegment outputBias, MemorySegment feedForwardNorm,
        WeightMatrix[] gateUp, WeightMatrix[] down) {

    /** A vector the model does not have. */
    static final MemorySegment NONE = MemorySegment.NULL;
}
