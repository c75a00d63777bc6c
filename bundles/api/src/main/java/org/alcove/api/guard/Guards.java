package org.alcove.api.guard;

import java.util.List;
import org.alcove.api.worker.GenerateRequest;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The guards of this process. A service for whoever is the first to have the readable text of a request: {@code core}, and for
 * sealed requests whoever opens them. Each request is shown once.
 */
@ProviderType
public interface Guards {

    /**
     * Has every guard judge a request.
     *
     * @return what watches its answer; {@link Vigil#NONE} where nobody does
     * @throws org.alcove.api.worker.RequestException with {@link org.alcove.api.worker.Failure.Refused} if a guard refuses it, or
     *         with {@link org.alcove.api.worker.Failure.Unavailable} if one fails or is missing
     */
    Vigil admit(GenerateRequest request);

    /** What each guard has done since this process started, by name; those included that are no longer there. */
    default List<Figures> figures() {
        return List.of();
    }

    /** Names of guards without which no request is served. */
    default List<String> required() {
        return List.of();
    }

    /**
     * Counts of a guard, without a word of any text.
     *
     * @param guard its name
     * @param requests it has judged
     * @param refused of these, how many it refused
     * @param ended answers it ended
     * @param failed calls in which it threw, gave no answer or took too long
     */
    record Figures(String guard, long requests, long refused, long ended, long failed) {
    }
}
