package org.alcove.weights;

import java.io.IOException;
import java.nio.file.Path;
import java.util.OptionalLong;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Opens model files: a GGUF file (its first part, where it is split), a Hugging Face folder, or a file in which one of these is
 * sealed. A service.
 */
@ProviderType
public interface WeightStore {

    /**
     * Reads what a model says about itself. No tensor is touched, so this works on files that hold a vocabulary only.
     *
     * @throws ModelFormatException if the file is damaged, hostile or of an unsupported kind; names the key or tensor
     * @throws IOException if it cannot be read
     */
    default ModelFile describe(Path path) throws IOException {
        return describe(path, new KeyPlace.Nowhere());
    }

    /**
     * The same of a model that may be sealed. Of a sealed one only the chunks are opened that this needs.
     *
     * @param key where its key is, if it is sealed; not looked for otherwise
     */
    ModelFile describe(Path path, KeyPlace key) throws IOException;

    /**
     * What a sealed model takes of the memory once it is open, which its header says without the key; not authenticated.
     *
     * @return bytes; empty where the model is not sealed
     * @throws ModelFormatException if the header is damaged or hostile
     */
    default OptionalLong sealedBytes(Path path) throws IOException {
        return OptionalLong.empty();
    }

    /**
     * Maps the weights of a model. Quick whatever the size: nothing is read but the header.
     *
     * @throws ModelFormatException as {@link #describe}, and if a tensor's type or size is not supported
     * @throws IOException if it cannot be read
     */
    default Weights open(Path path) throws IOException {
        return open(path, new KeyPlace.Nowhere());
    }

    /**
     * The same of a model that may be sealed: into memory, on all cores, while the caller goes on. Whoever asks for a tensor
     * waits until every byte is open and verified.
     *
     * @param key where its key is, if it is sealed; not looked for otherwise
     * @throws ModelFormatException also if the key is missing or wrong, or anything is not what was sealed: here or, in chunks
     *         behind the model's own header, where a tensor is asked for
     */
    Weights open(Path path, KeyPlace key) throws IOException;
}
