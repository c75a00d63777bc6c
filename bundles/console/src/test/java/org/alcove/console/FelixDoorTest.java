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
import java.util.Optional;
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
    private Optional<Visitor> visitor = Optional.empty();

    @BeforeEach
    void start() throws Exception {
        FelixDoor door = new FelixDoor(request -> visitor);
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
        visitor = Optional.of(new Visitor("olga", "operator"));
        HttpResponse<String> refused = ask("GET");
        assertEquals(403, refused.statusCode());
        assertEquals("The framework is open to the role admin; olga has the role operator.\n", refused.body());
        visitor = Optional.of(new Visitor("ada", "admin"));
        assertEquals("inside: ada", ask("GET").body());
    }

    @Test
    void changesComeFromItsOwnPagesOnly() throws Exception {
        visitor = Optional.of(new Visitor("ada", "admin"));
        assertEquals("inside: ada", ask("POST", "Origin", origin()).body());
        assertEquals("inside: ada", ask("POST", "Sec-Fetch-Site", "same-origin").body());
        assertEquals(403, ask("POST").statusCode());
        assertEquals(403, ask("POST", "Origin", "http://elsewhere.example").statusCode());
        assertEquals(403, ask("POST", "Origin", origin(), "Sec-Fetch-Site", "cross-site").statusCode());
        assertEquals(403, ask("POST", "Origin", "null").statusCode());
    }

    @Test
    void itsPagesLoadNothingFromElsewhereAndAreFramedByNobody() throws Exception {
        visitor = Optional.of(new Visitor("ada", "admin"));
        String policy = ask("GET").headers().firstValue("Content-Security-Policy").orElse("");
        assertTrue(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"), policy);
        assertFalse(policy.contains("http") || policy.contains("unsafe-eval") || policy.contains("*"), policy);
    }
}
