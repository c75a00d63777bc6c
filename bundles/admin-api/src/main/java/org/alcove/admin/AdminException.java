package org.alcove.admin;

/** A request is refused. The message is for the caller. */
final class AdminException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int status;
    private final String code;

    AdminException(int status, String code, String message) {
        super(message, null, false, false);
        this.status = status;
        this.code = code;
    }

    int status() {
        return status;
    }

    /** What is wrong, for programs. */
    String code() {
        return code;
    }
}
