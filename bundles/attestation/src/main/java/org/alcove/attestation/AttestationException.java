package org.alcove.attestation;

/** Evidence, collateral or a policy cannot be read. The message names the place, both numbers, and what to do. */
public final class AttestationException extends Exception {
    private static final long serialVersionUID = 1L;

    /**
     * Says what cannot be read.
     *
     * @param message what is wrong
     */
    public AttestationException(String message) {
        super(message);
    }

    /**
     * Says what cannot be read, and what the JDK said of it.
     *
     * @param message what is wrong
     * @param cause what a reader of the JDK or of JSON said
     */
    public AttestationException(String message, Throwable cause) {
        super(message, cause);
    }
}
