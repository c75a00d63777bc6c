package org.alcove.chat;

/** What was asked of the kept conversations cannot be done; the message is for the one who asked. */
final class StoreException extends Exception {

    private static final long serialVersionUID = 1L;

    private final int status;

    StoreException(int status, String message) {
        super(message);
        this.status = status;
    }

    /** Of HTTP. */
    int status() {
        return status;
    }
}
