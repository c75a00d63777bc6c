package org.alcove.api.worker;

import org.osgi.annotation.versioning.ProviderType;

/**
 * Serves one loaded model. A service: the service registry is the registry of workers, and a worker in another process is a
 * service too.
 */
@ProviderType
public interface Worker {

    /**
     * How it stands. Cheap. {@link WorkerStatus#lastBeat()} is when its engine last showed that it is not hanging.
     */
    WorkerStatus status();

    /** What it serves. */
    ModelCard model();

    /**
     * Admits a request.
     *
     * @throws RequestException if it is refused; nothing is left behind
     */
    Generation generate(GenerateRequest request);
}
