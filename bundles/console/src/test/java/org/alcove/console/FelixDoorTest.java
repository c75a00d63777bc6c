package org.alcove.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.alcove.accounts.Audit;
import org.alcove.accounts.Role;
import org.alcove.accounts.Visitor;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FelixDoorTest {

    private final HttpClient client = HttpClient.newHttpClient();
    private Server server;
    private final Deeds deeds = new Deeds();
    private Optional<Visitor> visitor = Optional.empty();

    @BeforeEach
    void start() throws Exception {
        FelixDoor door = new FelixDoor(new SignedIn(() -> visitor), deeds);
        server = new Server(0);
        ServletContextHandler context = new ServletContextHandler("/");
        context.addServlet(new ServletHolder(new Framework(door)), "/admin/felix/*");
        server.setHandler(context);
        server.start();
    }

    @AfterEach
    void stop() throws Exception {
        client.close();
        server.stop();
    }

    private static Visitor signedIn(String name, Role role) {
        return new Visitor(name, role, "token", Instant.EPOCH, false);
    }

    /** Writes down nothing but lines. */
    private static final class Deeds implements Audit {

        private final List<String> lines = new ArrayList<>();

        @Override
        public void record(String who, String via, String what, String subject, String detail, String outcome) {
            lines.add(String.join(" ", who, via, what, subject, detail, outcome));
        }

        @Override
        public List<Entry> entries(OptionalLong before, int limit) {
            return List.of();
        }
    }

    /** What stands behind the door. */
    private static final class Framework extends HttpServlet {

        private static final long serialVersionUID = 1L;
        private final transient FelixDoor door;

        Framework(FelixDoor door) {
            this.door = door;
        }

        @Override
        protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
            Object user = door.authenticate(request, response);
            if (user != null) {
                response.getWriter().write("inside: " + user);
            }
        }
    }

    private String origin() {
        return "http://127.0.0.1:" + ((ServerConnector) server.getConnectors()[0]).getLocalPort();
    }

    private HttpResponse<String> ask(String method, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(origin() + "/admin/felix/bundles"))
                .method(method, HttpRequest.BodyPublishers.noBody());
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void whoDidNotSignInIsLedToTheLogin() throws Exception {
        HttpResponse<String> answer = ask("GET");
        assertEquals(302, answer.statusCode());
        assertTrue(answer.headers().firstValue("Location").orElse("").endsWith("/admin/"));
        assertEquals(401, ask("POST", "Origin", origin()).statusCode());
    }

    @Test
    void onlyTheRoleAdminComesIn() throws Exception {
        visitor = Optional.of(signedIn("olga", Role.OPERATOR));
        HttpResponse<String> refused = ask("GET");
        assertEquals(403, refused.statusCode());
        assertEquals("The framework is open to the role admin; olga has the role operator.\n", refused.body());
        visitor = Optional.of(signedIn("ada", Role.ADMIN));
        assertEquals("inside: ada", ask("GET").body());
    }

    @Test
    void changesComeFromItsOwnPagesOnly() throws Exception {
        visitor = Optional.of(signedIn("ada", Role.ADMIN));
        assertEquals("inside: ada", ask("POST", "Origin", origin()).body());
        assertEquals("inside: ada", ask("POST", "Sec-Fetch-Site", "same-origin").body());
        assertEquals(403, ask("POST").statusCode());
        assertEquals(403, ask("POST", "Origin", "http://elsewhere.example").statusCode());
        assertEquals(403, ask("POST", "Origin", origin(), "Sec-Fetch-Site", "cross-site").statusCode());
        assertEquals(403, ask("POST", "Origin", "null").statusCode());
        assertEquals("ada session framework.change /admin/felix/bundles POST done", deeds.lines.getFirst());
        assertEquals("ada session framework.change /admin/felix/bundles POST refused", deeds.lines.getLast());
    }

    @Test
    void itsPagesLoadNothingFromElsewhereAndAreFramedByNobody() throws Exception {
        visitor = Optional.of(signedIn("ada", Role.ADMIN));
        String policy = ask("GET").headers().firstValue("Content-Security-Policy").orElse("");
        assertTrue(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"), policy);
        assertFalse(policy.contains("http") || policy.contains("*"), policy);
    }
}
