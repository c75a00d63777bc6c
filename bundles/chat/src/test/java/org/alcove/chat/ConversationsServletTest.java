package org.alcove.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
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
        Map<String, Object> configured = Map.of("data_folder", folder.toString(), "conversations_megabytes", megabytes,
                "api_keys_file", keys);
        context.addServlet(new ServletHolder(new ConversationsServlet(configured, none)), "/chat/conversations/*");
        server.setHandler(context);
        server.start();
    }

    private HttpResponse<String> ask(String method, String name, String code, String body, String... headers) throws Exception {
        return client.send(request(method, name, code, body, headers), HttpResponse.BodyHandlers.ofString());
    }

    private HttpRequest request(String method, String name, String code, String body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + server.getURI().getPort() + "/chat/conversations" + name))
                .method(method, HttpRequest.BodyPublishers.ofString(body));
        if (!code.isEmpty()) {
            request.header("X-Alcove-Box", code);
        }
        if (headers.length > 0) {
            request.headers(headers);
        }
        return request.build();
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
        assertFalse(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains("secret"));
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
        assertEquals(Optional.of("GET, DELETE"), ask("PUT", "", MINE, ONE).headers().firstValue("Allow"));
        assertEquals(404, ask("PUT", "/a.b", MINE, ONE).statusCode());
        assertTrue(List.of(400, 404).contains(ask("PUT", "/%2e%2e%2fx", MINE, ONE).statusCode()));
        assertEquals(400, ask("PUT", "/one", MINE, "{\n}").statusCode());
        assertEquals(415, ask("PUT", "/one", MINE, ONE, "Content-Encoding", "gzip").statusCode());
        assertEquals(413, ask("PUT", "/one", MINE, "x".repeat(ConversationStore.LARGEST + 1)).statusCode());
        assertEquals(List.of(), kept());
    }

    /** By sockets, as Java's client neither breaks off nor says another name. */
    private String raw(String head, String body) throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.getURI().getPort())) {
            socket.getOutputStream().write((head + "\r\n" + body).getBytes(StandardCharsets.ISO_8859_1));
            socket.shutdownOutput();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void anUploadThatBreaksOffOrIsNoTextIsTheSendersFault() throws Exception {
        start(1, "");
        String head = "PUT /chat/conversations/one HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nX-Alcove-Box: " + MINE
                + "\r\nContent-Length: ";
        assertTrue(raw(head + "300\r\n", "{\"a").startsWith("HTTP/1.1 400 "));
        assertTrue(raw(head + "1\r\n", "\u00fc").startsWith("HTTP/1.1 400 "));
        assertEquals(List.of(), kept());
    }

    @Test
    void withoutAKeyPagesOfOthersReadAndWriteNothing() throws Exception {
        start(1, "");
        String rest = "Connection: close\r\nX-Alcove-Box: " + MINE + "\r\nContent-Length: 2\r\n";
        for (String who : List.of("Host: evil.example\r\n", "Host: localhost\r\nOrigin: http://evil.example\r\n")) {
            String said = raw("PUT /chat/conversations/one HTTP/1.1\r\n" + who + rest, "{}");
            assertTrue(said.startsWith("HTTP/1.1 403 "), said);
        }
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
    void anEmptyConversationTakesABlockOfTheRoomAndGivesItBack() throws Exception {
        start(1, "");
        int fit = 1_000_000 / DiskRoom.BLOCK - 1;
        for (int i = 0; i < fit; i++) {
            assertEquals(204, ask("PUT", "/c" + i, MINE, "").statusCode(), "conversation " + i);
        }
        assertEquals(507, ask("PUT", "/more", MINE, "").statusCode());
        assertEquals(507, ask("PUT", "/c0", MINE, "x".repeat(DiskRoom.BLOCK)).statusCode(), "a second block");
        assertEquals(204, ask("PUT", "/c0", MINE, "x").statusCode(), "the same block");
        assertEquals(204, ask("DELETE", "/c1", MINE, "").statusCode());
        assertEquals(204, ask("PUT", "/more", MINE, "").statusCode());
        assertEquals(204, ask("DELETE", "", MINE, "").statusCode());
        assertEquals(204, ask("PUT", "/one", YOURS, "y".repeat(900_000)).statusCode());
    }

    @Test
    void aSlowReaderIsGivenOneConversationAtATimeAndHoldsUpNobody() throws Exception {
        start(64, "");
        // More than the network holds on the way: six of the largest.
        for (int i = 0; i < 6; i++) {
            assertEquals(204, ask("PUT", "/c" + i, MINE, "x".repeat(ConversationStore.LARGEST)).statusCode());
        }
        try (InputStream slow = client.send(request("GET", "", MINE, ""), HttpResponse.BodyHandlers.ofInputStream()).body()) {
            assertEquals('x', slow.read());
            assertEquals(204, ask("DELETE", "/c5", MINE, "").statusCode());
            assertEquals(204, ask("PUT", "/one", YOURS, ONE).statusCode());
            long left = slow.transferTo(OutputStream.nullOutputStream());
            assertEquals(5L * (ConversationStore.LARGEST + 1), 1 + left, "the sixth was read before the reader came to it");
        }
    }

    @Test
    void whatAnotherPageWroteIsNotOverwritten() throws Exception {
        start(1, "");
        assertEquals(410, ask("GET", "/one", MINE, "").statusCode());
        String first = tag(ask("PUT", "/one", MINE, ONE, "If-None-Match", "*"));
        assertEquals(412, ask("PUT", "/one", MINE, "{}", "If-None-Match", "*").statusCode());
        HttpResponse<String> read = ask("GET", "/one", MINE, "");
        assertEquals(ONE, read.body());
        assertEquals(first, tag(read));
        String second = tag(ask("PUT", "/one", MINE, ONE, "If-Match", first));
        assertNotEquals(first, second, "the same words, written again");
        HttpResponse<String> stale = ask("PUT", "/one", MINE, "{}", "If-Match", first);
        assertEquals(412, stale.statusCode());
        assertTrue(stale.body().contains("revision " + first.replace("\"", "") + " was expected and revision "
                + second.replace("\"", "") + " is there"), stale.body());
        assertEquals(ONE, ask("GET", "/one", MINE, "").body());
        ask("DELETE", "/one", MINE, "");
        assertEquals(412, ask("PUT", "/one", MINE, "{}", "If-Match", second).statusCode(), "what is deleted stays so");
        assertEquals(List.of(), kept());
        String third = tag(ask("PUT", "/one", MINE, ONE));
        assertEquals(412, ask("DELETE", "/one", MINE, "", "If-Match", second).statusCode(), "nor is what was not read deleted");
        assertEquals(204, ask("DELETE", "/one", MINE, "", "If-Match", third).statusCode());
        assertEquals(412, ask("DELETE", "/one", MINE, "", "If-Match", third).statusCode());
        assertEquals(400, ask("PUT", "/one", MINE, "{}", "If-Match", "one").statusCode());
        assertEquals(400, ask("PUT", "/one", MINE, "{}", "If-None-Match", second).statusCode());
        assertEquals(204, ask("PUT", "/one", MINE, "{}").statusCode(), "who says nothing writes in any case");
    }

    @Test
    void aRevisionThatAProxyMarkedAsCompressedIsTheSame() throws Exception {
        start(1, "");
        String tag = tag(ask("PUT", "/one", MINE, ONE));
        String revision = tag.substring(1, tag.length() - 1);
        for (String told : List.of("W/\"%s\"", "\"%s-gzip\"", "\"%s--gzip\"", "W/\"%s-br\"")) {
            HttpResponse<String> written = ask("PUT", "/one", MINE, ONE, "If-Match", told.formatted(revision));
            assertEquals(204, written.statusCode(), told + " " + written.body());
            assertEquals(412, ask("PUT", "/one", MINE, ONE, "If-Match", told.formatted(revision)).statusCode(), told);
            revision = tag(written).replace("\"", "");
        }
        assertEquals(400, ask("PUT", "/one", MINE, "{}", "If-Match", "\"" + revision + "0\"").statusCode());
    }

    private static String tag(HttpResponse<String> response) {
        return response.headers().firstValue("ETag").orElseThrow();
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
