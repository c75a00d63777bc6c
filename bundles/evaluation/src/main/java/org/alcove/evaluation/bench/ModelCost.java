package org.alcove.evaluation.bench;

import org.alcove.weights.ModelFile;

/**
 * What a token costs, by the matrices alone: attention and norms are little beside them.
 *
 * @param bytes of weights that are read for a step in which anything is written
 * @param operations multiplications and additions for each token that is written
 * @param readOperations the same for each token of a prompt, whose logits nobody needs
 */
record ModelCost(long bytes, long operations, long readOperations) {

    private static final String EMBEDDING = "token_embd.weight";
    private static final String HEAD = "output.weight";

    /** Adds up a file's matrices. A model without a head of its own uses the embedding as one. */
    static ModelCost of(ModelFile file) {
        String head = file.tensors().containsKey(HEAD) ? HEAD : EMBEDDING;
        long bytes = 0;
        long operations = 0;
        long headOperations = 0;
        for (ModelFile.Tensor tensor : file.tensors().values()) {
            if (tensor.shape().rows() == 1 || tensor.name().equals(EMBEDDING) && !head.equals(EMBEDDING)) {
                continue;
            }
            bytes += tensor.bytes();
            operations += 2 * tensor.shape().size();
            headOperations += tensor.name().equals(head) ? 2 * tensor.shape().size() : 0;
        }
        return new ModelCost(bytes, operations, operations - headOperations);
    }
}
