package org.alcove.api.control;

import org.osgi.annotation.versioning.ProviderType;

/** A worker that was chosen for a request. The request counts as one of that worker's until this is closed. */
@ProviderType
public interface WorkerChoice extends AutoCloseable {

    /** Id of the worker, as {@link org.alcove.api.worker.WorkerStatus#id()} gives it. */
    String worker();

    /** Why, for people, with the figures that decided. */
    String reason();

    /** The request has ended at this worker. Harmless when called twice. */
    @Override
    void close();
}
