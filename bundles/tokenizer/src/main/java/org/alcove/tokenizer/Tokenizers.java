package org.alcove.tokenizer;

import org.alcove.weights.ModelFile;
import org.alcove.weights.ModelFormatException;
import org.osgi.annotation.versioning.ProviderType;

/** Makes tokenizers. A service. */
@ProviderType
public interface Tokenizers {

    /**
     * The tokenizer a model file describes, by its GGUF keys, its {@code tokenizer.json} or its {@code tokenizer.model}.
     *
     * @throws ModelFormatException if it describes none, a kind that is not supported, or a damaged one
     */
    Tokenizer open(ModelFile model) throws ModelFormatException;
}
