package org.alcove.engine.forward;

import java.util.List;
import java.util.stream.Collectors;
import org.alcove.weights.ModelFile;
import org.alcove.weights.ModelFormatException;

/**
 * What sets a family of models apart from the others. Everything else (sizes, RoPE, sliding window, tied embeddings, a fused
 * {@code attn_qkv}) is read from the model's keys and tensors. {@code docs/writing-an-architecture.md} shows how to add one.
 *
 * @param name value of {@code general.architecture}
 * @param biases whether the q, k and v projections have biases
 * @param headNorms whether each head of q and k goes through an RMSNorm before it is rotated
 * @param alibiLayers a model of that many layers tells positions by ALiBi, which is not supported; 0 where none does
 */
record Architecture(String name, Biases biases, boolean headNorms, int alibiLayers) {

    /** Whether projections have biases. */
    enum Biases {
        /** All have. */
        ALWAYS,
        /** Those have whose tensor is there. */
        WHERE_PRESENT
    }

    /** The families that are supported. Llama 1 to 3, Mistral and Yi are all {@code llama}. */
    static final List<Architecture> KNOWN = List.of(
            new Architecture("llama", Biases.WHERE_PRESENT, false, 0),
            new Architecture("qwen2", Biases.ALWAYS, false, 0),
            new Architecture("qwen3", Biases.WHERE_PRESENT, true, 0),
            new Architecture("baichuan", Biases.WHERE_PRESENT, false, 40));

    /**
     * The architecture of a model.
     *
     * @throws ModelFormatException if it is not known; lists those that are
     */
    static Architecture of(ModelFile file) throws ModelFormatException {
        for (Architecture architecture : KNOWN) {
            if (architecture.name.equals(file.architecture())) {
                return architecture;
            }
        }
        throw new ModelFormatException(file.path() + ": models of architecture \"" + file.architecture()
                + "\" cannot be computed; these can: "
                + KNOWN.stream().map(Architecture::name).collect(Collectors.joining(", ")));
    }
}
