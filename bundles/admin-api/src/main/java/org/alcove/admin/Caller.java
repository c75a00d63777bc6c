package org.alcove.admin;

import java.util.Optional;
import org.alcove.accounts.Role;
import org.alcove.accounts.Visitor;

/**
 * Who asks.
 *
 * @param name of the account or the key, for the audit
 * @param via {@code session}, {@code key}, {@code machine}, or {@code nobody} where nobody has to sign in
 * @param role what it may do
 * @param visitor of the session, where there is one
 */
record Caller(String name, String via, Role role, Optional<Visitor> visitor) {

    static final Caller NOBODY = new Caller("", "nobody", Role.VIEWER, Optional.empty());

    static Caller key(String name, Role role) {
        return new Caller(name, "key", role, Optional.empty());
    }

    static Caller machine() {
        return new Caller("this machine", "machine", Role.OPERATOR, Optional.empty());
    }

    static Caller of(Visitor visitor) {
        return new Caller(visitor.name(), "session", visitor.role(), Optional.of(visitor));
    }
}
