package org.alcove.accounts;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file of accounts: read again when it changes, so that a password which was reset beside a running server counts there too;
 * written whole. A file that makes no sense lets nobody in.
 */
final class AccountBook {

    private static final Logger LOG = LoggerFactory.getLogger(AccountBook.class);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final KeptFile<Map<String, Entry>> file;

    /**
     * An account as it is kept.
     *
     * @param first whether the password is the one that was made for it
     */
    record Entry(String name, Role role, Instant created, HashedPassword password, boolean first) {
    }

    /** The accounts of this file, which need not be there yet. */
    AccountBook(Path file) {
        this.file = new KeptFile<>(file, Map.of(), AccountBook::read);
    }

    boolean isThere() {
        return file.isThere();
    }

    synchronized Optional<Entry> named(String name) {
        return Optional.ofNullable(all().get(name));
    }

    /**
     * All, by name.
     *
     * @throws AccountException if the file makes no sense
     */
    synchronized Map<String, Entry> all() {
        try {
            return file.current();
        } catch (IOException e) {
            LOG.error("The accounts cannot be read from {}; nobody can sign in until they can: {}", file, e.toString());
            throw unreadable();
        }
    }

    /** Adds an account or replaces the one of its name. */
    synchronized void put(Entry entry) {
        Map<String, Entry> next = new TreeMap<>(all());
        next.put(entry.name(), entry);
        write(next);
    }

    /**
     * Replaces an account by its next self, unless it is gone or another one by now: who hashes a password between reading and
     * writing would bring back what was removed or reset meanwhile.
     *
     * @return whether it was replaced
     */
    synchronized boolean replace(Entry known, Entry next) {
        if (!known.equals(all().get(known.name()))) {
            return false;
        }
        put(next);
        return true;
    }

    synchronized void remove(String name) {
        Map<String, Entry> next = new TreeMap<>(all());
        next.remove(name);
        write(next);
    }

    private static Map<String, Entry> read(byte[] bytes) throws IOException {
        Map<String, Entry> read = new TreeMap<>();
        for (JsonNode node : JSON.readTree(bytes).required("accounts")) {
            HashedPassword password = new HashedPassword(node.required("salt").textValue(), node.required("hash").textValue(),
                    node.required("rounds").intValue());
            Entry entry = new Entry(node.required("name").textValue(),
                    Role.named(node.required("role").textValue()).orElseThrow(),
                    Instant.parse(node.required("created").textValue()), password, node.required("first").booleanValue());
            read.put(entry.name(), entry);
        }
        return Map.copyOf(read);
    }

    private void write(Map<String, Entry> next) {
        ObjectNode json = JSON.createObjectNode();
        ArrayNode list = json.putArray("accounts");
        next.values().forEach(entry -> list.addObject().put("name", entry.name()).put("role", entry.role().word())
                .put("created", entry.created().toString()).put("salt", entry.password().salt())
                .put("hash", entry.password().hash()).put("rounds", entry.password().rounds()).put("first", entry.first()));
        try {
            file.write(JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(json), Map.copyOf(next));
        } catch (IOException e) {
            LOG.error("The accounts cannot be written to {}: {}", file, e.toString());
            throw new AccountException(AccountException.Reason.UNREADABLE,
                    "the server cannot write its accounts: " + e.getMessage() + "; free some of its disk, or see to the rights");
        }
    }

    private static AccountException unreadable() {
        return new AccountException(AccountException.Reason.UNREADABLE,
                "the server cannot read its accounts; its log says why");
    }
}
