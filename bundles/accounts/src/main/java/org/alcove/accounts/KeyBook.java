package org.alcove.accounts;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The file of keys: each with the hash of its secret. */
final class KeyBook {

    private static final Logger LOG = LoggerFactory.getLogger(KeyBook.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String MODELS = "models";
    private static final String ENDPOINTS = "endpoints";
    private static final String ROLE = "role";
    private static final String REQUESTS = "requests_per_minute";
    private static final String TOKENS = "tokens_per_minute";
    private static final String EXPIRES = "expires";
    private static final String REVOKED = "revoked";
    private static final String USED = "last_used";

    private final KeptFile<Map<String, IssuedKey>> file;

    /** The keys of this file, which need not be there yet. */
    KeyBook(Path file) {
        this.file = new KeptFile<>(file, Map.of(), KeyBook::read);
    }

    /**
     * All, by the hash of their secrets, in the order they were made.
     *
     * @throws AccountException if the file makes no sense
     */
    Map<String, IssuedKey> all() {
        try {
            return file.current();
        } catch (IOException e) {
            LOG.error("The API keys cannot be read from {}; nobody is let in until they can: {}", file, e.toString());
            throw unreadable();
        }
    }

    /** Writes these in place of all that were there. */
    void write(Map<String, IssuedKey> next) {
        ObjectNode json = JSON.createObjectNode();
        ArrayNode list = json.putArray("keys");
        next.forEach((hash, key) -> list.add(key.json().put("sha256", hash)));
        try {
            file.write(JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(json), Collections.unmodifiableMap(next));
        } catch (IOException e) {
            LOG.error("The API keys cannot be written to {}: {}", file, e.toString());
            throw new AccountException(AccountException.Reason.UNREADABLE,
                    "the server cannot write its API keys: " + e.getMessage() + "; free some of its disk, or see to the rights");
        }
    }

    private static AccountException unreadable() {
        return new AccountException(AccountException.Reason.UNREADABLE,
                "the server cannot read its API keys; its log says why");
    }

    private static Map<String, IssuedKey> read(byte[] bytes) throws IOException {
        Map<String, IssuedKey> read = new LinkedHashMap<>();
        for (JsonNode node : JSON.readTree(bytes).required("keys")) {
            KeyTerms terms = new KeyTerms(names(node, MODELS), names(node, ENDPOINTS),
                    text(node, ROLE).map(word -> Role.named(word).orElseThrow()), number(node, REQUESTS), number(node, TOKENS),
                    text(node, EXPIRES).map(Instant::parse));
            IssuedKey key = new IssuedKey(needed(node, "id"), needed(node, "label"), Instant.parse(needed(node, "created")),
                    needed(node, "created_by"), terms, text(node, REVOKED).map(Instant::parse),
                    text(node, USED).map(Instant::parse));
            read.put(needed(node, "sha256"), key);
        }
        return Collections.unmodifiableMap(read);
    }

    private static String needed(JsonNode node, String field) {
        return text(node, field).orElseThrow(() -> new IllegalArgumentException("a key has no " + field));
    }

    /** A field that may be null, but must be there: a scope that got lost must not become all. */
    private static Optional<String> text(JsonNode node, String field) {
        JsonNode value = node.required(field);
        if (!value.isNull() && !value.isTextual()) {
            throw new IllegalArgumentException(field + " of a key is no text");
        }
        return Optional.ofNullable(value.textValue());
    }

    private static OptionalInt number(JsonNode node, String field) {
        JsonNode value = node.required(field);
        if (!value.isNull() && !value.isInt()) {
            throw new IllegalArgumentException(field + " of a key is no number");
        }
        return value.isNull() ? OptionalInt.empty() : OptionalInt.of(value.intValue());
    }

    private static Optional<Set<String>> names(JsonNode node, String field) {
        JsonNode value = node.required(field);
        if (value.isNull()) {
            return Optional.empty();
        }
        if (!value.isArray()) {
            throw new IllegalArgumentException(field + " of a key is no list");
        }
        Set<String> names = new TreeSet<>();
        for (JsonNode name : value) {
            if (!name.isTextual()) {
                throw new IllegalArgumentException(field + " of a key has an entry that is no text");
            }
            names.add(name.textValue());
        }
        return Optional.of(names);
    }

    static ObjectNode json(IssuedKey key) {
        KeyTerms terms = key.terms();
        ObjectNode json = JSON.createObjectNode().put("id", key.id()).put("label", key.label())
                .put("created", key.made().toString()).put("created_by", key.by())
                .put(ROLE, terms.role().map(Role::word).orElse(null)).put(EXPIRES, word(terms.expires()))
                .put(REVOKED, word(key.revoked())).put(USED, word(key.used()));
        put(json, MODELS, terms.models());
        put(json, ENDPOINTS, terms.endpoints());
        put(json, REQUESTS, terms.requestsPerMinute());
        put(json, TOKENS, terms.tokensPerMinute());
        return json;
    }

    private static String word(Optional<Instant> when) {
        return when.map(Instant::toString).orElse(null);
    }

    private static void put(ObjectNode json, String field, Optional<Set<String>> names) {
        if (names.isEmpty()) {
            json.putNull(field);
            return;
        }
        ArrayNode list = json.putArray(field);
        new TreeSet<>(names.get()).forEach(list::add);
    }

    private static void put(ObjectNode json, String field, OptionalInt number) {
        json.put(field, number.isPresent() ? (Integer) number.getAsInt() : null);
    }
}
