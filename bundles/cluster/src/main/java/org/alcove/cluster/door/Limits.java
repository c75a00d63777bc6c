package org.alcove.cluster.door;

import java.time.Duration;
import org.alcove.configuration.GivenValues;

/**
 * How much a peer may say.
 *
 * @param controlBytes most bytes of a message between processes
 * @param generateBytes most bytes of a request for an answer
 * @param body longest time a whole body may take, however it drips
 */
public record Limits(int controlBytes, int generateBytes, Duration body) {

    private static final int LEAST_BYTES = 1024;

    /** @throws IllegalArgumentException if one cannot be; the message names it */
    public static Limits of(GivenValues values) {
        return new Limits(values.integer("max_control_bytes", LEAST_BYTES), values.integer("max_generate_bytes", LEAST_BYTES),
                Duration.ofSeconds(values.integer("body_seconds", 1)));
    }
}
