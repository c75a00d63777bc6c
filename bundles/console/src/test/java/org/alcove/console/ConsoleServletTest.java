package org.alcove.console;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConsoleServletTest {

    private final HttpClient client = HttpClient.newHttpClient();
    private Server server;

    @BeforeEach
    void start() throws Exception {
        server = new Server(0);
        ServletContextHandler context = new ServletContextHandler("/");
        context.addServlet(new ServletHolder(new ConsoleServlet()), "/admin/*");
        server.setHandler(context);
        server.start();
    }

    @AfterEach
    void stop() throws Exception {
        client.close();
        server.stop();
    }

    private HttpResponse<byte[]> get(String path, String... headers) throws Exception {
        int port = ((ServerConnector) server.getConnectors()[0]).getLocalPort();
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    private static String header(HttpResponse<?> response, String name) {
        return response.headers().firstValue(name).orElse("");
    }

    @Test
    void thePageComesWithAPolicyThatAllowsThisServerOnly() throws Exception {
        HttpResponse<byte[]> page = get("/admin/");
        assertEquals(200, page.statusCode());
        assertEquals("text/html;charset=utf-8", header(page, "Content-Type").replace(" ", ""));
        String policy = header(page, "Content-Security-Policy");
        assertTrue(policy.startsWith("default-src 'none'; script-src 'self'; "), policy);
        assertTrue(policy.endsWith("trusted-types 'none'"), policy);
        assertFalse(policy.contains("unsafe") || policy.contains("http"), policy);
        assertEquals("nosniff", header(page, "X-Content-Type-Options"));
    }

    @Test
    void theNameWithoutASlashLeadsToThePage() throws Exception {
        HttpResponse<byte[]> moved = get("/admin");
        assertEquals(301, moved.statusCode());
        assertEquals("/admin/", header(moved, "Location"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET /admin/api/workers", "POST /admin/api/session", "DELETE /admin/api/plugins/x", "PUT /admin/api"})
    void whereTheAdministrationIsNotThereYetItsClientsAreToldToComeBack(String request) throws Exception {
        String[] parts = request.split(" ");
        int port = ((ServerConnector) server.getConnectors()[0]).getLocalPort();
        HttpResponse<String> away = client.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + parts[1]))
                .method(parts[0], HttpRequest.BodyPublishers.noBody()).build(), HttpResponse.BodyHandlers.ofString());
        assertEquals(503, away.statusCode());
        assertEquals("application/json", header(away, "Content-Type"));
        assertEquals("5", header(away, "Retry-After"));
        assertEquals("no-store", header(away, "Cache-Control"));
        assertTrue(away.body().startsWith("{\"error\":{\"code\":\"not_there\",\"message\":\""), away.body());
        assertTrue(away.body().endsWith("\"}}"), away.body());
    }

    @Test
    void whatOnlyBeginsLikeTheAdministrationIsAPageThatIsNotThere() throws Exception {
        assertEquals(404, get("/admin/apis.js").statusCode());
    }

    @Test
    void aFileThatDidNotChangeIsNotSentAgain() throws Exception {
        HttpResponse<byte[]> first = get("/admin/console.js");
        assertTrue(header(first, "Content-Type").startsWith("text/javascript"));
        HttpResponse<byte[]> second = get("/admin/console.js", "If-None-Match", header(first, "ETag"));
        assertEquals(304, second.statusCode());
        assertArrayEquals(new byte[0], second.body());
    }

    @Test
    void whatAllPagesShareIsServedBesideTheOwnFiles() throws Exception {
        assertEquals(200, get("/admin/shared/tokens.css").statusCode());
        assertEquals(200, get("/admin/shared/dom.js").statusCode());
    }

    @ParameterizedTest
    @ValueSource(strings = {"/admin/missing.js", "/admin/../ConsoleServlet.class", "/admin/%2e%2e/ConsoleServlet.class",
        "/admin/lib/", "/admin/ConsoleServlet.class", "/admin/lib//dom.js"})
    void whatIsNoPageIsNotFound(String path) throws Exception {
        int status = get(path).statusCode();
        assertTrue(status == 404 || status == 400, path + " was answered with " + status);
    }
}
