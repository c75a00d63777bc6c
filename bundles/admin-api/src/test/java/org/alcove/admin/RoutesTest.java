package org.alcove.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.alcove.accounts.Role;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RoutesTest {

    private static final String HOST = "localhost";
    private static final String TOKEN = "X-Alcove-Csrf: token";

    private final AdminServer server = new AdminServer();

    @BeforeEach
    void openAllDesks() {
        server.add(new OverviewDesk(server.controller(), Path.of("target", "no-figures"), Instant::now));
        server.add(new PolicySimulationDesk(server.controller(), null, Instant::now));
        server.add(new QuantizationDesk(null, null));
        server.add(new KernelDesk(server.controller(), new KernelTable(), null));
        server.add(new SealedDesk((jar, signature) -> {
            throw new SecurityException("not signed");
        }, List::of));
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    @Test
    void aBrowserAtThisMachineHasToSignIn() throws Exception {
        server.start(AdminServer.gate(Optional.empty(), false));
        for (String header : new String[] {"Sec-Fetch-Site: none", "Sec-Fetch-Site: same-origin", "Cookie: a=b",
            "Origin: http://localhost"}) {
            assertEquals("login_required", server.ask("GET", "/admin/api/workers", HOST, header).code(), header);
        }
    }

    @Test
    void aSessionChangesThingsOnlyWithItsToken() throws Exception {
        server.start(AdminServer.gate(Optional.empty(), true));
        String path = "/admin/api/workers/http%3A%2F%2F10.0.0.7%3A21002%23m/drain";
        assertEquals("ann", server.ask("GET", "/admin/api/session", HOST, "Cookie: operator").body().get("name").textValue());
        for (String token : new String[] {"X-Other: a", "X-Alcove-Csrf: ", "X-Alcove-Csrf: wrong"}) {
            assertEquals("csrf", server.ask("POST", path, HOST, "Cookie: operator", token).code(), token);
        }
        assertTrue(server.controller().told.isEmpty());
        assertEquals(200, server.ask("POST", path, HOST, "Cookie: operator", TOKEN).status());
        assertEquals("[ann session worker.drain http://10.0.0.7:21002#m  done]", server.audit().lines.toString());
    }

    @Test
    void everyRouteAsksForItsRoleAndForNobodyLess() throws Exception {
        server.start(AdminServer.gate(Optional.empty(), true));
        List<Route> routes = server.routes();
        for (Route route : routes) {
            String path = "/admin/api/" + route.pattern().replace("*", "x");
            if (route.least().isEmpty()) {
                assertEquals("POST session", route.method() + " " + route.pattern(), "nothing else is open to everybody");
                continue;
            }
            assertEquals(401, server.ask(route.method(), path, HOST).status(), "nobody: " + route);
            for (Role role : Role.values()) {
                if (route.pattern().equals("overview/stream") && role.covers(route.least().get())) {
                    continue;
                }
                AdminServer.Reply reply = server.ask(route.method(), path, HOST, "Cookie: " + role.word(), TOKEN);
                assertEquals(!role.covers(route.least().get()), "role_too_small".equals(reply.code()), role + ": " + route);
            }
        }
        assertTrue(routes.stream().filter(route -> !route.method().equals("GET") && !route.pattern().equals("session"))
                .noneMatch(route -> route.deed().isEmpty() || route.least().equals(Optional.of(Role.VIEWER))
                        && !route.pattern().equals("password")), "what changes something is written down, and no viewer may");
    }

    @Test
    void theRoutesAreThoseOfTheContractWithItsRoles() throws Exception {
        List<String> promised = new ArrayList<>();
        String path = "";
        String method = "";
        for (String line : Files.readAllLines(Path.of("../../docs/admin-api.yaml"))) {
            if (line.startsWith("components:")) {
                break;
            }
            if (line.matches("  /.*:")) {
                path = line.strip().replaceFirst("^/(.*):$", "$1").replaceAll("\\{\\w+}", "*");
            } else if (line.matches("    (get|post|put|patch|delete):")) {
                method = line.strip().replace(":", "").toUpperCase(Locale.ROOT);
            } else if (line.startsWith("      x-role: ")) {
                promised.add(method + " " + path + " " + line.substring("      x-role: ".length()));
            }
        }
        assertEquals(promised.stream().sorted().toList(), server.routes().stream().map(route -> route.method() + " "
                + route.pattern() + " " + route.least().map(Role::word).orElse("public")).sorted().toList());
    }

    @Test
    void bodiesThatMakeNoSenseAreRefusedAndChangeNothing() throws Exception {
        server.start(AdminServer.gate(Optional.empty(), true));
        String[][] table = {{"not_json", "{"}, {"not_json", "[]"},
            {"not_json", "[".repeat(2000)}, {"invalid_field", "{}"}, {"invalid_field", "{\"name\": 1}"},
            {"invalid_field", "{\"name\": \"bob\", \"role\": \"king\"}"}, {"invalid_field", "{\"name\": \"\"}"},
            {"invalid_field", "{\"name\": \"bob\", \"role\": \"admin\", \"more\": 1}"},
            {"not_json", "{\"name\": \"bob\", \"role\": \"viewer\", \"role\": \"admin\"}"},
            {"not_json", "{\"name\": \"bob\", \"role\": \"admin\"} {"},
            {"invalid_field", "{\"name\": \"b\\udc00b\", \"role\": \"admin\"}"},
            {"too_large", "{\"name\": \"" + "x".repeat(70_000) + "\"}"}};
        for (String[] row : table) {
            assertEquals(row[0], server.send("POST", "/admin/api/accounts", row[1], "Cookie: admin", TOKEN).code(),
                    row[1].substring(0, Math.min(60, row[1].length())));
        }
        assertEquals("wrong_type", server.ask("POST", "/admin/api/accounts", HOST, "Cookie: admin", TOKEN).code());
        assertTrue(server.visitors().invited.isEmpty());
        for (String query : new String[] {"limit=0", "limit=501", "limit=x", "before=-1"}) {
            assertEquals("invalid_field", server.ask("GET", "/admin/api/audit?" + query, HOST, "Cookie: admin").code(), query);
        }
    }

    @Test
    void signingInIsOpenToEverybodyAndTellsWhyNot() throws Exception {
        server.start(AdminServer.gate(Optional.empty(), true));
        AdminServer.Reply in = server.send("POST", "/admin/api/session", "{\"name\": \"ann\", \"password\": \"right\"}");
        assertEquals("token", in.body().get("csrf").textValue());
        assertEquals("wrong_password",
                server.send("POST", "/admin/api/session", "{\"name\": \"ann\", \"password\": \"wrong\"}").code());
        AdminServer.Reply locked = server.send("POST", "/admin/api/session", "{\"name\": \"eve\", \"password\": \"wrong\"}");
        assertEquals(429, locked.status());
        assertTrue(locked.head().contains("Retry-After: 30"), locked.head());
        assertEquals("foreign_page", server.send("POST", "/admin/api/session", "{\"name\": \"ann\", \"password\": \"right\"}",
                "Origin: http://evil.example").code());
    }
}
