package org.alcove.console;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;

/**
 * Who asks, as the login of the admin API knows it.
 *
 * @param name of the person
 * @param role {@code viewer}, {@code operator} or {@code admin}
 */
record Visitor(String name, String role) {

    /** Knows the sessions of those who signed in. */
    @FunctionalInterface
    interface Book {

        /** Who asks; empty where nobody signed in. */
        Optional<Visitor> who(HttpServletRequest request);
    }
}
