package org.alcove.admin;

import java.util.Locale;
import org.alcove.accounts.AccountException;

/** What the room of accounts refuses, in the words of the protocol. */
final class AccountRefusals {

    private AccountRefusals() {
    }

    static AdminException of(AccountException refused) {
        int status = switch (refused.reason()) {
            case WRONG_PASSWORD -> 401;
            case LOCKED_OUT -> 429;
            case BAD_PASSWORD, BAD_NAME, BAD_KEY -> 422;
            case NAME_TAKEN, LAST_ADMIN, NO_SESSION, NOT_REVOKED -> 409;
            case UNKNOWN -> 404;
            case UNREADABLE -> 503;
        };
        return new AdminException(status, refused.reason().name().toLowerCase(Locale.ROOT), refused.getMessage(),
                refused.retryAfter());
    }
}
