package org.alcove.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.alcove.accounts.KeyTerms;
import org.alcove.accounts.Role;
import org.alcove.keys.ApiKeys;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeysTest {

    private static final String[] ADMIN = {"Cookie: admin", "X-Alcove-Csrf: token"};
    private static final String KEYS = "/admin/api/keys";

    @TempDir
    Path folder;
    private final AdminServer server = new AdminServer();

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    private void start(Optional<ApiKeys> file) throws Exception {
        server.start(new Gate(server.visitors(), file, new RoleKeys(server.keys(), InstantSource.fixed(AdminServer.NOW)), true));
    }

    private void make(String secret, Role role, Instant expires) {
        server.keys().issue(secret, "ann", new KeyTerms(Optional.empty(), Optional.empty(), Optional.ofNullable(role),
                OptionalInt.empty(), OptionalInt.empty(), Optional.ofNullable(expires)));
    }

    private AdminServer.Reply with(String secret, String method, String path) throws Exception {
        return server.ask(method, path, "localhost", "Authorization: Bearer " + secret);
    }

    @Test
    void aKeyIsMadeWithItsTermsAndShownOnce() throws Exception {
        start(Optional.empty());
        AdminServer.Reply made = server.send("POST", KEYS, """
                {"label": "ci", "models": ["b", "a"], "endpoints": ["chat"], "role": "viewer", "requests_per_minute": 60,
                 "tokens_per_minute": 1000, "expires": "2027-01-01T00:00:00Z"}""", ADMIN);
        assertEquals(201, made.status(), made.body().toString());
        assertEquals("ci", made.body().get("key").textValue());
        AdminServer.Reply list = server.ask("GET", KEYS, "localhost", ADMIN);
        assertEquals("""
                {"id":"key-ci","label":"ci","created":"1970-01-01T00:00:00Z","created_by":"ann","role":"viewer",\
                "expires":"2027-01-01T00:00:00Z","revoked":null,"last_used":null,"models":["a","b"],"endpoints":["chat"],\
                "requests_per_minute":60,"tokens_per_minute":1000,"state":"active"}""",
                list.body().at("/keys/0").toString());
        assertEquals("[\"chat\",\"completions\",\"models\"]", list.body().get("endpoints").toString());
        assertEquals("[ann session key.create key-ci ci: models a b, endpoints chat, role viewer, requests a minute 60,"
                + " tokens a minute 1000, until 2027-01-01T00:00:00Z done]", server.audit().lines.toString());
    }

    @Test
    void aChangeLeavesWhatItDoesNotName() throws Exception {
        start(Optional.empty());
        server.send("POST", KEYS, "{\"label\": \"ci\", \"models\": [\"a\"], \"requests_per_minute\": 60}", ADMIN);
        AdminServer.Reply changed = server.send("PATCH", KEYS + "/key-ci",
                "{\"requests_per_minute\": null, \"endpoints\": [\"chat\"]}", ADMIN);
        assertEquals("[\"a\"] [\"chat\"] null", changed.body().get("models") + " " + changed.body().get("endpoints") + " "
                + changed.body().get("requests_per_minute"));
        assertEquals(404, server.send("PATCH", KEYS + "/key-x", "{\"label\": \"a\"}", ADMIN).status());
    }

    @Test
    void aKeyIsRevokedAndThenForgotten() throws Exception {
        start(Optional.empty());
        server.send("POST", KEYS, "{\"label\": \"ci\"}", ADMIN);
        assertEquals("revoked", server.ask("DELETE", KEYS + "/key-ci", "localhost", ADMIN).body().get("state").textValue());
        assertTrue(server.keys().any());
        assertEquals(200, server.ask("DELETE", KEYS + "/key-ci?forget=true", "localhost", ADMIN).status());
        assertFalse(server.keys().any());
        assertTrue(server.audit().lines.getLast().contains("key.revoke key-ci forgotten done"), server.audit().lines.toString());
    }

    @Test
    void termsThatMakeNoSenseMakeNoKey() throws Exception {
        start(Optional.empty());
        for (String field : new String[] {"\"models\": \"a\"", "\"models\": [1]", "\"role\": \"king\"",
            "\"requests_per_minute\": 0", "\"tokens_per_minute\": 1.5", "\"expires\": \"tomorrow\"", "\"expire\": null",
            "\"label\": 1"}) {
            String label = field.startsWith("\"label") ? "" : "\"label\": \"a\", ";
            assertEquals("invalid_field", server.send("POST", KEYS, "{" + label + field + "}", ADMIN).code(), field);
        }
        assertFalse(server.keys().any());
    }

    @Test
    void aKeyWithARoleMayWhatTheRoleMayWithoutAToken() throws Exception {
        start(Optional.empty());
        make("looks", Role.VIEWER, null);
        make("works", Role.OPERATOR, null);
        make("rules", Role.ADMIN, null);
        make("client", null, null);
        String drain = "/admin/api/workers/http%3A%2F%2F10.0.0.7%3A21002%23m/drain";
        assertEquals(200, with("looks", "GET", "/admin/api/workers").status());
        assertEquals("role_too_small", with("looks", "POST", drain).code());
        assertEquals(200, with("works", "POST", drain).status());
        assertEquals("role_too_small", with("works", "GET", KEYS).code());
        assertEquals(200, with("rules", "GET", KEYS).status());
        assertEquals("no_role", with("client", "GET", "/admin/api/workers").code());
        assertEquals("invalid_admin_key", with("nobody", "GET", "/admin/api/workers").code());
        assertEquals("works (key-works) key worker.drain http://10.0.0.7:21002#m  done", server.audit().lines.getLast());
        assertEquals("foreign_page", server.ask("GET", KEYS, "localhost", "Authorization: Bearer rules",
                "Origin: http://evil.example").code());
    }

    @Test
    void aKeyThatIsOverIsRefusedAlsoBesideASession() throws Exception {
        start(Optional.empty());
        make("over", Role.ADMIN, AdminServer.NOW);
        make("later", Role.ADMIN, AdminServer.NOW.plusSeconds(1));
        assertEquals("invalid_admin_key", with("over", "GET", KEYS).code());
        assertEquals(200, with("later", "GET", KEYS).status());
        server.keys().revoke("key-later");
        assertEquals("invalid_admin_key", with("later", "GET", KEYS).code());
        assertEquals("invalid_admin_key", server.ask("GET", KEYS, "localhost", "Authorization: Bearer later", ADMIN[0],
                ADMIN[1]).code());
    }

    @Test
    void theKeysOfTheFileCountAlsoWhereTheOthersCannotBeRead() throws Exception {
        start(Optional.of(new ApiKeys(Files.writeString(folder.resolve("keys"), "ann:secret\n"))));
        make("rules", Role.ADMIN, null);
        assertEquals(200, with("secret", "GET", KEYS).status());
        assertEquals(200, with("rules", "GET", KEYS).status());
        assertEquals(401, with("wrong", "GET", KEYS).status());
        server.keys().unreadable = true;
        assertEquals(200, with("secret", "GET", "/admin/api/workers").status());
        assertEquals(503, with("rules", "GET", "/admin/api/workers").status());
    }

    @Test
    void scopesAreForClientsAndNotForTheAdministration() throws Exception {
        start(Optional.empty());
        server.keys().issue("only", "ann", new KeyTerms(Optional.empty(), Optional.of(Set.of()), Optional.of(Role.ADMIN),
                OptionalInt.of(1), OptionalInt.of(1), Optional.empty()));
        for (int i = 0; i < 3; i++) {
            assertEquals(200, with("only", "GET", KEYS).status());
        }
    }
}
