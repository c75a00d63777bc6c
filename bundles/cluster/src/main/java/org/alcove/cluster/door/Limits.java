package org.alcove.cluster.door;

import java.time.Duration;

/**
 * How much a peer may say.
 *
 * @param controlBytes most bytes of a message between processes
 * @param generateBytes most bytes of a request for an answer
 * @param body longest time a whole body may take, however it drips
 */
public record Limits(int controlBytes, int generateBytes, Duration body) {

    private static final int LEAST_BYTES = 1024;

    /**
     * Checks them.
     *
     * @throws IllegalArgumentException if one is too small; the message names it
     */
    public static Limits of(int controlBytes, int generateBytes, int bodySeconds) {
        atLeast("max_control_bytes", LEAST_BYTES, controlBytes);
        atLeast("max_generate_bytes", LEAST_BYTES, generateBytes);
        atLeast("body_seconds", 1, bodySeconds);
        return new Limits(controlBytes, generateBytes, Duration.ofSeconds(bodySeconds));
    }

    /** Checks a setting. */
    public static void atLeast(String name, int least, int value) {
        if (value < least) {
            throw new IllegalArgumentException(name + " is " + value + "; it must be at least " + least);
        }
    }
}
