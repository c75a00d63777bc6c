package org.alcove.admin;

import java.time.Duration;

/** A request is refused. The message is for the caller. */
final class AdminException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int status;
    private final String code;
    private final Duration retryAfter;

    AdminException(int status, String code, String message) {
        this(status, code, message, Duration.ZERO);
    }

    AdminException(int status, String code, String message, Duration retryAfter) {
        super(message, null, false, false);
        this.status = status;
        this.code = code;
        this.retryAfter = retryAfter;
    }

    static AdminException unknown(String what) {
        return new AdminException(404, "unknown", what);
    }

    static AdminException conflict(String code, String message) {
        return new AdminException(409, code, message);
    }

    static AdminException invalid(String message) {
        return new AdminException(422, "invalid_field", message);
    }

    /** A file cannot be written or, where nothing was to be changed, read. */
    static AdminException disk(boolean change, String why) {
        return new AdminException(change ? 507 : 503, "disk", why + "; free some of the server's disk, or see to the rights of"
                + " the file, and ask again");
    }

    /** As the audit says it: what fails may have been done half way, what is refused was not begun. */
    String outcome() {
        return status >= 500 ? "failed" : "refused";
    }

    int status() {
        return status;
    }

    /** What is wrong, for programs. */
    String code() {
        return code;
    }

    /** When to try again; zero where that would not help. */
    Duration retryAfter() {
        return retryAfter;
    }
}
