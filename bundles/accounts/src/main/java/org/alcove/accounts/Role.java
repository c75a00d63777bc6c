package org.alcove.accounts;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What somebody may do; each role may do what the ones before it may. */
public enum Role {
    /** See how the platform does. */
    VIEWER,
    /** Have it do its work: drain, load, choose. */
    OPERATOR,
    /** Bring in code and people. */
    ADMIN;

    /** Whether it may do what needs the other. */
    public boolean covers(Role least) {
        return compareTo(least) >= 0;
    }

    /** Its name in protocols and files. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The role of this name in protocols and files. */
    public static Optional<Role> named(String word) {
        return Arrays.stream(values()).filter(role -> role.word().equals(word)).findFirst();
    }
}
