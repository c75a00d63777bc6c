package org.alcove.api.control;

import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import org.alcove.api.worker.GenerateRequest;
import org.alcove.api.worker.Generation;
import org.alcove.api.worker.ModelCard;
import org.alcove.api.worker.WorkerStatus;
import org.osgi.annotation.versioning.ProviderType;

/** The door for front ends: brings requests to workers. */
@ProviderType
public interface Controller {

    /**
     * Chooses a worker and has it write an answer.
     *
     * @throws org.alcove.api.worker.RequestException if nobody serves it; the failure gives the true reason
     */
    Generation generate(GenerateRequest request);

    /**
     * Takes a request in without choosing a worker yet, for who can wait: where all workers have as much to do as they accept, it
     * is tried again later. However often that is, it is one request: judged by the guards once, and recorded once.
     *
     * @throws org.alcove.api.worker.RequestException if it is refused whatever the workers have to do
     */
    default Pending prepare(GenerateRequest request) {
        return () -> generate(request);
    }

    /** A request that was taken in and waits for a worker. Used by one thread. */
    @ProviderType
    interface Pending extends AutoCloseable {

        /**
         * Chooses a worker and has it write the answer. To be called again only where the failure was
         * {@link org.alcove.api.worker.Failure.Overloaded}.
         *
         * @throws org.alcove.api.worker.RequestException if nobody serves it; the failure gives the true reason
         */
        Generation generate();

        /** Gives it up, where no worker has taken it. */
        @Override
        default void close() {
            // Nothing is kept by those that take each try for a request.
        }
    }

    /** Models that some worker serves, by name, each once. */
    List<ModelCard> models();

    /** All workers it knows, the late and the gone included. */
    List<WorkerStatus> workers();

    /** Name of the policy in use and, where there is none of that name, what is wrong. */
    String policy();

    /** The last choices, newest first. */
    List<Dispatch> dispatches();

    /** What each worker serves, by the id of the worker; without those that have not yet said so, or cannot. */
    default Map<String, ModelCard> cards() {
        return Map.of();
    }

    /**
     * Tells a worker to take no more requests, as {@link org.alcove.api.worker.Worker#drain()} says.
     *
     * @param worker id of the worker
     * @throws java.util.NoSuchElementException if there is none of this id; names those that there are
     * @throws org.alcove.api.worker.RequestException if the worker cannot be told to
     */
    default void drain(String worker) {
        throw new NoSuchElementException("there is no worker " + worker + " here");
    }

    /**
     * Tells a worker to take requests again, as {@link org.alcove.api.worker.Worker#reopen()} says.
     *
     * @param worker id of the worker
     * @throws java.util.NoSuchElementException if there is none of this id; names those that there are
     * @throws org.alcove.api.worker.RequestException if the worker cannot be told to
     */
    default void reopen(String worker) {
        throw new NoSuchElementException("there is no worker " + worker + " here");
    }

    /**
     * Forgets a worker, as {@link org.alcove.api.worker.Worker#dismiss()} says.
     *
     * @param worker id of the worker
     * @throws java.util.NoSuchElementException if there is none of this id; names those that there are
     * @throws org.alcove.api.worker.RequestException if it is not for this process to forget it
     */
    default void dismiss(String worker) {
        throw new NoSuchElementException("there is no worker " + worker + " here");
    }
}
