package org.alcove.cluster.front;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.alcove.api.worker.Request;
import org.alcove.cluster.wire.ListedWorker;

/** What can be asked of a controller, in whatever protocol it speaks. */
interface ControllerDialect {

    /**
     * The workers there are.
     *
     * @throws IOException if the controller cannot be asked
     * @throws org.alcove.cluster.wire.WireException if it answers senselessly
     */
    List<ListedWorker> workers() throws IOException;

    /**
     * A worker for a request.
     *
     * @param ended tickets of requests that have ended, so that they count no more; they are released once more by themselves
     * @param ticket the ticket's name where the controller lets one name it; to be released where no answer comes: it may have
     *        chosen all the same, or may yet
     * @throws IOException if the controller cannot be asked
     * @throws org.alcove.api.worker.RequestException if it knows none; the failure is its own
     * @throws org.alcove.cluster.wire.WireException if it answers senselessly
     */
    Chosen choose(Request request, Set<String> excluded, Optional<String> fingerprint, List<String> ended, String ticket)
            throws IOException;

    /** Whether it admits only workers that belong to the cluster, so that these may be shown the secret. */
    boolean vouches();

    /** Requests have ended. */
    void release(List<String> tickets) throws IOException;

    /**
     * What was chosen.
     *
     * @param worker id of the worker for the whole cluster
     * @param ticket to be released; empty where the controller gives none
     */
    record Chosen(String worker, Optional<String> ticket, String reason) {
    }
}
