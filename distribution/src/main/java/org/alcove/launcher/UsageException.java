package org.alcove.launcher;

/** The command line makes no sense, or asks for something unsafe. The message says what to do. */
final class UsageException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    UsageException(String message) {
        super(message);
    }
}
