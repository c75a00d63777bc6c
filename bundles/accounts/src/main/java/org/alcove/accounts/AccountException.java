package org.alcove.accounts;

import java.time.Duration;

/** Something about accounts is refused. The message is for the one who asked. */
public final class AccountException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final Reason reason;
    private final Duration retryAfter;

    /** Why. */
    public enum Reason {
        /** No such account, or not its password. */
        WRONG_PASSWORD,
        /** Too many failures; try again later. */
        LOCKED_OUT,
        /** The new password is too short, too long, or the old one. */
        BAD_PASSWORD,
        /** Not a name. */
        BAD_NAME,
        /** There is an account of this name. */
        NAME_TAKEN,
        /** There is none of this name. */
        UNKNOWN,
        /** Nobody could let people in any more. */
        LAST_ADMIN,
        /** Nobody is signed in. */
        NO_SESSION,
        /** The file of accounts or of keys cannot be read or written; the log says why. */
        UNREADABLE,
        /** No such key can be made: its label or what it is for will not do. */
        BAD_KEY,
        /** Only a key that was revoked can be forgotten. */
        NOT_REVOKED
    }

    public AccountException(Reason reason, String message) {
        this(reason, message, Duration.ZERO);
    }

    public AccountException(Reason reason, String message, Duration retryAfter) {
        super(message);
        this.reason = reason;
        this.retryAfter = retryAfter;
    }

    /** Why. */
    public Reason reason() {
        return reason;
    }

    /** When to try again; zero where that would not help. */
    public Duration retryAfter() {
        return retryAfter;
    }
}
