package org.alcove.weights;

import java.io.IOException;
import java.nio.file.Path;
import org.osgi.annotation.versioning.ProviderType;

/** Opens model files: a GGUF file (its first part, where it is split) or a Hugging Face folder. A service. */
@ProviderType
public interface WeightStore {

    /**
     * Reads what a model says about itself. No tensor is touched, so this works on files that hold a vocabulary only.
     *
     * @throws ModelFormatException if the file is damaged, hostile or of an unsupported kind; names the key or tensor
     * @throws IOException if it cannot be read
     */
    ModelFile describe(Path path) throws IOException;

    /**
     * Maps the weights of a model. Quick whatever the size: nothing is read but the header.
     *
     * @throws ModelFormatException as {@link #describe}, and if a tensor's type or size is not supported
     * @throws IOException if it cannot be read
     */
    Weights open(Path path) throws IOException;
}
