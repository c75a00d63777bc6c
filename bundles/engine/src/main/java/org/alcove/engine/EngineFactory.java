package org.alcove.engine;

import org.alcove.weights.ModelFile;
import org.alcove.weights.ModelFormatException;
import org.alcove.weights.Weights;
import org.osgi.annotation.versioning.ProviderType;

/** Makes engines. A service. */
@ProviderType
public interface EngineFactory {

    /**
     * Makes an engine for a model and warms it up. The engine closes the weights when it is closed.
     *
     * @throws ModelFormatException if the architecture is not known or a tensor is missing or misshapen; the weights stay open
     */
    Engine open(Weights weights, EngineSettings settings) throws ModelFormatException;

    /**
     * The memory that an engine for a model would come to take, from the header of its file alone.
     *
     * @throws ModelFormatException if the architecture is not known, or the header does not make sense
     */
    default EngineMemory predict(ModelFile file, EngineSettings settings) throws ModelFormatException {
        return EngineMemory.ofWeights(file);
    }
}
