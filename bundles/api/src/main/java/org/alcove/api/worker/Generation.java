package org.alcove.api.worker;

import org.osgi.annotation.versioning.ProviderType;

/** An answer being written. Read by one thread; closed by any, also while another one waits for the next event. */
@ProviderType
public interface Generation extends AutoCloseable {

    /**
     * Waits for the next event. The first is {@link GenerationEvent.Started}; after {@link GenerationEvent.Finished} or
     * {@link GenerationEvent.Failed} there is none and this returns null. A second Started, before anything else, says that the
     * answer was begun again by a worker of another fingerprint.
     *
     * @throws InterruptedException if the reader is interrupted while waiting; the answer goes on
     */
    GenerationEvent next() throws InterruptedException;

    /**
     * Its place in the line of its worker, 1 for the next that is taken up; 0 where it is being computed, or nobody can tell.
     * It may change at any time, backwards too, where others have a higher priority. Cheap; for any thread.
     */
    default int placeInLine() {
        return 0;
    }

    /** Cancels what is not yet written. Harmless when called twice or after the end. */
    @Override
    void close();
}
