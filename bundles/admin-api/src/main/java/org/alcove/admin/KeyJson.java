package org.alcove.admin;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import org.alcove.accounts.IssuedKey;
import org.alcove.accounts.KeyTerms;
import org.alcove.accounts.Role;

/** Keys as the protocol spells them. A scope or a limit that is null is none: all models, no limit. */
final class KeyJson {

    static final String LABEL = "label";
    private static final String MODELS = "models";
    private static final String ENDPOINTS = "endpoints";
    private static final String ROLE = "role";
    private static final String REQUESTS = "requests_per_minute";
    private static final String TOKENS = "tokens_per_minute";
    private static final String EXPIRES = "expires";
    private static final String[] FIELDS = {LABEL, MODELS, ENDPOINTS, ROLE, REQUESTS, TOKENS, EXPIRES};

    private KeyJson() {
    }

    /** The fields a body may have. */
    static String[] fields() {
        return FIELDS.clone();
    }

    static ObjectNode of(IssuedKey key, Instant now) {
        return key.json().put("state", key.state(now).name().toLowerCase(Locale.ROOT));
    }

    /** The terms a body asks for; what it does not name stays as it is. */
    static KeyTerms terms(ObjectNode body, KeyTerms before) {
        return new KeyTerms(
                body.has(MODELS) ? names(body, MODELS) : before.models(),
                body.has(ENDPOINTS) ? names(body, ENDPOINTS) : before.endpoints(),
                body.has(ROLE) ? role(body) : before.role(),
                body.has(REQUESTS) ? number(body, REQUESTS) : before.requestsPerMinute(),
                body.has(TOKENS) ? number(body, TOKENS) : before.tokensPerMinute(),
                body.has(EXPIRES) ? instant(body) : before.expires());
    }

    private static Optional<Set<String>> names(ObjectNode body, String field) {
        return body.hasNonNull(field) ? Optional.of(Set.copyOf(Call.texts(body, field))) : Optional.empty();
    }

    private static Optional<Role> role(ObjectNode body) {
        if (!body.hasNonNull(ROLE)) {
            return Optional.empty();
        }
        return Optional.of(Role.named(Call.text(body, ROLE))
                .orElseThrow(() -> AdminException.invalid("\"role\" must be viewer, operator, admin or null")));
    }

    private static OptionalInt number(ObjectNode body, String field) {
        return body.hasNonNull(field) ? OptionalInt.of(Call.number(body, field, 0, 1, Integer.MAX_VALUE)) : OptionalInt.empty();
    }

    private static Optional<Instant> instant(ObjectNode body) {
        if (!body.hasNonNull(EXPIRES)) {
            return Optional.empty();
        }
        try {
            return Optional.of(Instant.parse(Call.text(body, EXPIRES)));
        } catch (DateTimeParseException e) {
            throw AdminException.invalid("\"expires\" must be a time like 2027-01-31T00:00:00Z");
        }
    }

    /** The terms in a line, for the audit. */
    static String written(KeyTerms terms) {
        return "models " + listed(terms.models()) + ", endpoints " + listed(terms.endpoints()) + ", role "
                + terms.role().map(Role::word).orElse("none") + ", requests a minute " + limit(terms.requestsPerMinute())
                + ", tokens a minute " + limit(terms.tokensPerMinute()) + ", until "
                + terms.expires().map(Instant::toString).orElse("revoked");
    }

    private static String listed(Optional<Set<String>> names) {
        return names.map(all -> all.isEmpty() ? "none" : String.join(" ", new TreeSet<>(all))).orElse("all");
    }

    private static String limit(OptionalInt limit) {
        return limit.isPresent() ? Integer.toString(limit.getAsInt()) : "any";
    }
}
