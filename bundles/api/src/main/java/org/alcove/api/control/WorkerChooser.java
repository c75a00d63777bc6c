package org.alcove.api.control;

import java.util.Optional;
import java.util.Set;
import org.alcove.api.worker.Request;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Chooses workers for requests and keeps count of them. A service: {@code core} publishes its own, with {@value #PLACE} =
 * {@value #LOCAL}, which knows the workers of this process and asks the installed policy; in a process that leaves the choice to
 * a controller elsewhere, {@code cluster} publishes one with {@value #PLACE} = {@value #REMOTE}, and core asks that one first.
 */
@ProviderType
public interface WorkerChooser {

    /** Service property: where the choice is made (String). */
    String PLACE = "alcove.chooser.place";

    /** Value of {@value #PLACE}: in this process. */
    String LOCAL = "local";

    /** Value of {@value #PLACE}: by a controller in another process. */
    String REMOTE = "remote";

    /**
     * Chooses a worker and counts the request in at it, until the choice is closed.
     *
     * @param request what is to be served; its text is not looked at and may be absent
     * @param excluded ids of workers that are not to be chosen, because they have refused or failed already
     * @param fingerprint where present, only workers whose model has this very fingerprint are chosen
     * @throws org.alcove.api.worker.RequestException if there is none, or nobody can choose; the failure gives the true reason.
     *         Where the one who chooses cannot be reached it is {@link org.alcove.api.worker.Failure.Unavailable} and the
     *         exception's cause is the {@link java.io.IOException} that tells so: whoever asked may then choose by what it knows
     */
    WorkerChoice choose(Request request, Set<String> excluded, Optional<String> fingerprint);
}
