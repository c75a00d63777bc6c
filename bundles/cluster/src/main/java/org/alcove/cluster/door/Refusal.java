package org.alcove.cluster.door;

/** A peer is told no. The message says why and what to do; it quotes nobody's text. */
public final class Refusal extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int status;
    private final String code;
    private final int retrySeconds;

    private Refusal(int status, String code, String message, int retrySeconds) {
        super(message);
        this.status = status;
        this.code = code;
        this.retrySeconds = retrySeconds;
    }

    /**
     * Says no.
     *
     * @param status of HTTP
     * @param code one word for programs
     */
    public static Refusal of(int status, String code, String message) {
        return new Refusal(status, code, message, 0);
    }

    /** Says not now. */
    public static Refusal later(int status, String code, String message, int retrySeconds) {
        return new Refusal(status, code, message, retrySeconds);
    }

    /** The HTTP status. */
    public int status() {
        return status;
    }

    /** One word for programs. */
    public String code() {
        return code;
    }

    /** When to come again; 0 where that would not help. */
    public int retrySeconds() {
        return retrySeconds;
    }
}
