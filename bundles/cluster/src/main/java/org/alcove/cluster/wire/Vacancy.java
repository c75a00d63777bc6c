package org.alcove.cluster.wire;

import java.time.Duration;
import org.alcove.api.worker.Failure;
import org.alcove.api.worker.RequestException;

/** A controller without workers: it cannot say that there is no such model, only that there is nobody at present. */
public final class Vacancy {

    private static final Duration RETRY = Duration.ofSeconds(5);

    private Vacancy() {
    }

    /** What whoever asks it for a worker is told. */
    public static RequestException refusal() {
        return new RequestException(new Failure.Unavailable(RETRY, "the controller knows no worker that serves anything; start"
                + " one with ./alcove worker --controller URL --model PATH"));
    }
}
