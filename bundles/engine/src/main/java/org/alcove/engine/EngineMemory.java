package org.alcove.engine;

import org.alcove.weights.ModelFile;

/**
 * Bytes that an engine comes to take at most, as predicted before it is made.
 *
 * @param weights pages of the mapped files, which the system can drop and read again
 * @param cache KV cache once all its blocks are in use
 * @param buffers activations of a step, logits, the readers' samplers
 * @param copies of weights that kernels make for themselves
 */
public record EngineMemory(long weights, long cache, long buffers, long copies) {

    /** Of a model of which nothing but the tensors is known. */
    public static EngineMemory ofWeights(ModelFile file) {
        return new EngineMemory(file.tensors().values().stream().mapToLong(ModelFile.Tensor::bytes).sum(), 0, 0, 0);
    }

    /** All of it. */
    public long total() {
        return weights + cache + buffers + copies;
    }
}
