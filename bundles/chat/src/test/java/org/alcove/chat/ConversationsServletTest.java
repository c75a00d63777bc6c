package org.alcove.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.annotation.Annotation;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.alcove.accounts.IssuedKeys;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Conversations that readers chose to keep on the server. */
class ConversationsServletTest {

    private static final String MINE = "a1".repeat(32);
    private static final String YOURS = "b2".repeat(32);
    private static final String ONE = "{\"id\":\"one\",\"title\":\"secret words\"}";

    @TempDir
    Path folder;

    private final HttpClient client = HttpClient.newHttpClient();
    private Server server;

    private record Configured(String data__folder, int conversations__megabytes, String api__keys__file, boolean key__required)
            implements ConversationsConfiguration {

        @Override
        public Class<? extends Annotation> annotationType() {
            return ConversationsConfiguration.class;
        }
    }

    @AfterEach
    void stop() throws Exception {
        client.close();
        if (server != null) {
            server.stop();
        }
    }

    private void start(int megabytes, String keys) throws Exception {
        IssuedKeys none = (IssuedKeys) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {IssuedKeys.class},
                (self, method, arguments) -> method.getName().equals("find") ? Optional.empty() : (Object) false);
        server = new Server();
        ServerConnector connector = new ServerConnector(server);
        connector.setHost(InetAddress.getLoopbackAddress().getHostAddress());
        server.addConnector(connector);
        ServletContextHandler context = new ServletContextHandler("/");
        context.addServlet(new ServletHolder(new ConversationsServlet(
                new Configured(folder.toString(), megabytes, keys, false), none)), "/chat/conversations/*");
        server.setHandler(context);
        server.start();
    }

    private HttpResponse<String> ask(String method, String name, String code, String body, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + server.getURI().getPort() + "/chat/conversations" + name))
                .method(method, HttpRequest.BodyPublishers.ofString(body));
        if (!code.isEmpty()) {
            request.header("X-Alcove-Box", code);
        }
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private List<Path> kept() throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).toList();
        }
    }

    @Test
    void whatIsPutIsThereForItsCodeOnlyAndGoneWhenItIsDeleted() throws Exception {
        start(1, "");
        assertEquals(204, ask("PUT", "/one", MINE, ONE).statusCode());
        assertEquals(204, ask("PUT", "/two", MINE, "{}").statusCode());
        assertEquals(204, ask("PUT", "/one", YOURS, "{\"other\":1}").statusCode());
        assertEquals(ONE + "\n{}\n", ask("GET", "", MINE, "").body());
        assertEquals("{\"other\":1}\n", ask("GET", "", YOURS, "").body());
        assertEquals(204, ask("DELETE", "/one", MINE, "").statusCode());
        assertEquals("{}\n", ask("GET", "", MINE, "").body());
        assertEquals(204, ask("DELETE", "", MINE, "").statusCode());
        assertEquals("", ask("GET", "", MINE, "").body());
        assertEquals(1, kept().size());
        assertEquals(204, ask("DELETE", "", YOURS, "").statusCode());
        assertEquals(List.of(), kept());
    }

    @Test
    void theDiskHoldsNoWordAndNoCodeAndIsForItsOwnerAlone() throws Exception {
        start(1, "");
        ask("PUT", "/one", MINE, ONE);
        Path file = kept().getFirst();
        assertFalse(new String(Files.readAllBytes(file), java.nio.charset.StandardCharsets.ISO_8859_1).contains("secret"));
        assertFalse(file.toString().contains(MINE));
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        // A file that was moved to another name, or changed, is not taken for a conversation.
        Files.move(file, file.resolveSibling("two.sealed"));
        assertEquals("", ask("GET", "", MINE, "").body());
    }

    @Test
    void whatCannotBeIsRefusedWithItsReason() throws Exception {
        start(1, "");
        assertEquals(400, ask("GET", "", "", "").statusCode());
        assertEquals(400, ask("GET", "", "1234", "").statusCode());
        assertEquals(403, ask("GET", "", MINE, "", "Sec-Fetch-Site", "cross-site").statusCode());
        assertEquals(405, ask("POST", "/one", MINE, ONE).statusCode());
        assertEquals(404, ask("PUT", "/a.b", MINE, ONE).statusCode());
        assertTrue(List.of(400, 404).contains(ask("PUT", "/%2e%2e%2fx", MINE, ONE).statusCode()));
        assertEquals(400, ask("PUT", "/one", MINE, "{\n}").statusCode());
        assertEquals(413, ask("PUT", "/one", MINE, "x".repeat(ConversationStore.LARGEST + 1)).statusCode());
        assertEquals(List.of(), kept());
    }

    @Test
    void whatWouldNotFitIsRefusedAndWhatWasThereStays() throws Exception {
        start(1, "");
        assertEquals(204, ask("PUT", "/one", MINE, "x".repeat(900_000)).statusCode());
        HttpResponse<String> full = ask("PUT", "/two", YOURS, "y".repeat(200_000));
        assertEquals(507, full.statusCode());
        assertTrue(full.body().contains("of 1000000"), full.body());
        assertEquals(204, ask("PUT", "/one", MINE, "z".repeat(950_000)).statusCode(), "it takes the place of the old one");
        assertEquals(1, kept().size());
    }

    @Test
    void whereTheApiAsksForAKeySoDoesThis() throws Exception {
        Path keys = Files.writeString(folder.resolve("keys.txt"), "ann:k1\nbob:k2\n");
        start(1, keys.toString());
        assertEquals(401, ask("GET", "", MINE, "").statusCode());
        assertEquals(204, ask("PUT", "/one", MINE, ONE, "Authorization", "Bearer k1").statusCode());
        assertEquals(ONE + "\n", ask("GET", "", MINE, "", "Authorization", "Bearer k1").body());
        assertEquals("", ask("GET", "", MINE, "", "Authorization", "Bearer k2").body());
    }

    @Test
    void aServerThatKeepsNoneSaysSo() throws Exception {
        start(0, "");
        assertEquals(404, ask("GET", "", MINE, "").statusCode());
        assertEquals(404, ask("PUT", "/one", MINE, ONE).statusCode());
        assertEquals(List.of(), kept());
    }
}
