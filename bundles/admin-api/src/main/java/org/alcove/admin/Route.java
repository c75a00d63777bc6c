package org.alcove.admin;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.alcove.accounts.Role;

/**
 * Something that can be asked.
 *
 * @param method of HTTP
 * @param pattern path below {@code /admin/api/}; a part {@code *} stands for any
 * @param least role that may; empty for everybody
 * @param deed name of the change in the audit; empty where nothing is changed
 * @param asked all that the query may name, where path and query tell everything; empty where the handler reads a body
 * @param handler answers
 */
record Route(String method, String pattern, Optional<Role> least, String deed, Optional<Set<String>> asked,
        Handler handler) {

    /** Answers. */
    @FunctionalInterface
    interface Handler {

        /** The answer; null where it was written already. */
        Reply serve(Call call) throws IOException;
    }

    /** An answer. */
    record Reply(int status, ObjectNode body) {

        static Reply ok(ObjectNode body) {
            return new Reply(200, body);
        }
    }

    static Route see(String pattern, Role least, Handler handler) {
        return new Route("GET", pattern, Optional.of(least), "", Optional.of(Set.of()), handler);
    }

    /** A change that its path tells whole. */
    static Route order(String method, String pattern, Role least, String deed, Handler handler) {
        return new Route(method, pattern, Optional.of(least), deed, Optional.of(Set.of()), handler);
    }

    /** A change that a body tells. */
    static Route change(String method, String pattern, Role least, String deed, Handler handler) {
        return new Route(method, pattern, Optional.of(least), deed, Optional.empty(), handler);
    }

    /** The same where its query may name these. */
    Route asking(String... names) {
        return new Route(method, pattern, least, deed, Optional.of(Set.of(names)), handler);
    }

    /** What stands for the stars of the pattern; empty where the path is another one. */
    Optional<List<String>> match(List<String> path) {
        String[] parts = pattern.split("/");
        if (parts.length != path.size()) {
            return Optional.empty();
        }
        List<String> stars = new ArrayList<>();
        for (int i = 0; i < parts.length; i++) {
            if (parts[i].equals("*")) {
                stars.add(path.get(i));
            } else if (!parts[i].equals(path.get(i))) {
                return Optional.empty();
            }
        }
        return Optional.of(stars);
    }
}
