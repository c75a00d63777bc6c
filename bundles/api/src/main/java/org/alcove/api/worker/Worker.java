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

    /**
     * How many tokens a prompt has, as {@link #generate} would read it, the begin token included. Computes nothing else.
     *
     * @throws RequestException if the input is refused, or this worker cannot tell
     */
    default int countTokens(GenerateRequest.Input input) {
        throw new RequestException(new Failure.Unsupported("", "worker " + status().id()
                + " cannot count the tokens of a prompt"));
    }

    /**
     * Takes no more requests and is {@link WorkerStatus.State#DRAINING} from now on. Answers that are being written go on for
     * the worker's {@code drain_seconds}; those that are not whole then end with {@link Failure.Unavailable}, so that another
     * worker goes on with them. Does not wait for any of it; a second time changes nothing.
     *
     * @throws RequestException if this worker cannot be told to, or cannot be reached
     */
    default void drain() {
        throw new RequestException(new Failure.Unsupported("", "worker " + status().id()
                + " cannot be drained from here; stop it where it runs"));
    }

    /**
     * Takes requests again after {@link #drain}; harmless where it does already. Answers that have been ended stay ended.
     *
     * @throws RequestException if this worker cannot be told to, or cannot be reached
     */
    default void reopen() {
        throw new RequestException(new Failure.Unsupported("", "worker " + status().id()
                + " cannot be reopened from here; start it again where it runs"));
    }

    /**
     * Is no longer a worker of this process. What runs elsewhere goes on running there, and comes back when it registers anew.
     *
     * @throws RequestException if it is not for this process to forget it
     */
    default void dismiss() {
        throw new RequestException(new Failure.Unsupported("", "worker " + status().id()
                + " cannot be removed from here; stop it where it runs, or remove it at its controller"));
    }

    /**
     * Evidence of where this worker runs, and of the key that requests for it are sealed to.
     *
     * @param nonce 32 bytes that the asker chose
     * @return a JSON document; see {@link SealedDoor#evidence}
     * @throws RequestException if this worker has none, or cannot be reached
     */
    default byte[] evidence(byte[] nonce) {
        throw new RequestException(new Failure.Unsupported("", "worker " + status().id()
                + " has no evidence of where it runs; start its process with --evidence"));
    }
}
