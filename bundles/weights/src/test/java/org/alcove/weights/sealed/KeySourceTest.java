package org.alcove.weights.sealed;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import org.alcove.weights.KeyPlace;
import org.alcove.weights.ModelFormatException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeySourceTest {

    private static final byte[] KEY = HexFormat.of().parseHex(Sealing.KEY);
    private static final String PATH = "/cdh/resource/default/alcove/model-key";

    @TempDir
    private Path folder;

    /** A stand-in for the Data Hub that answers everything alike. */
    private static HttpServer hub(int status, byte[] body) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(exchange.getRequestURI().getPath().equals(PATH) ? status : 404, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        return server;
    }

    private static String url(HttpServer server) {
        return "http://127.0.0.1:" + server.getAddress().getPort() + PATH;
    }

    private String refusal(String place, Duration patience) {
        return assertThrows(ModelFormatException.class,
                () -> new KeySource(patience).fetch(KeyPlace.of(place), "m.sealed: it is sealed with the key 00ff")).getMessage();
    }

    @Test
    void aKeyFileHoldsBytesOrText() throws IOException {
        byte[] id = Sealing.key().id();
        for (byte[] content : new byte[][] {KEY, Sealing.KEY.getBytes(StandardCharsets.US_ASCII),
            (Sealing.KEY.toUpperCase() + "\n").getBytes(StandardCharsets.US_ASCII),
            (Base64.getEncoder().encodeToString(KEY) + "\r\n").getBytes(StandardCharsets.US_ASCII)}) {
            try (ModelKey key = KeySource.ofFile(Files.write(folder.resolve("key"), content))) {
                assertArrayEquals(id, key.id());
            }
        }
    }

    @Test
    void whatIsNoKeyIsRefusedWithoutBeingRepeated() throws IOException {
        Path file = Files.writeString(folder.resolve("key"), "hunter2");
        String message = assertThrows(ModelFormatException.class, () -> KeySource.ofFile(file)).getMessage();
        assertTrue(message.contains("7 bytes") && !message.contains("hunter2"), message);
        assertTrue(refusal(folder.resolve("none").toString(), Duration.ofSeconds(5)).contains("no such file"));
    }

    @Test
    void theDataHubHandsOutAKey() throws IOException {
        HttpServer server = hub(200, KEY.clone());
        try (ModelKey key = KeySource.USUAL.fetch(KeyPlace.of(url(server)), "m")) {
            assertArrayEquals(Sealing.key().id(), key.id());
        } finally {
            server.stop(0);
        }
    }

    @Test
    void aHubThatRefusesIsQuotedWithTheModelAndItsKey() throws IOException {
        HttpServer server = hub(500, "rpc status: attestation\nfailed".getBytes(StandardCharsets.UTF_8));
        String message = refusal(url(server), Duration.ofSeconds(60));
        server.stop(0);
        String begin = "m.sealed: it is sealed with the key 00ff, and the Data Hub answers 500 to http://127.0.0.1:";
        assertTrue(message.startsWith(begin), message);
        assertTrue(message.contains("rpc status: attestation failed"), message);
    }

    @Test
    void aHubWithoutResourcesIsToldHowToHaveThem() throws IOException {
        HttpServer server = hub(404, "Resource Feature Not Enabled".getBytes(StandardCharsets.UTF_8));
        String message = refusal(url(server), Duration.ofSeconds(60));
        server.stop(0);
        assertTrue(message.contains("answers 404") && message.contains("agent.guest_components_rest_api"), message);
    }

    @Test
    void whereNobodyListensTheMessageAsksForAGuest() throws IOException {
        // Bound, so that nobody else gets the port, and not listening.
        try (Socket nobody = new Socket()) {
            nobody.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            String message = refusal("http://127.0.0.1:" + nobody.getLocalPort() + PATH, Duration.ofSeconds(60));
            assertTrue(message.contains("no Data Hub answers at"), message);
        }
    }

    @Test
    void aHubThatIsSilentIsGivenUp() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String message = refusal("http://127.0.0.1:" + silent.getLocalPort() + PATH, Duration.ofMillis(200));
            assertTrue(message.contains("did not hand out the key within 200 ms"), message);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"cdh:key", "cdh:a/b", "cdh:a/b/../c", "cdh:a/b/c/d", "cdh:a/b/c?x",
        "http://10.0.0.1:8006/cdh/resource/a/b/c",
        "http://127.0.0.1:8006/aa/evidence", "https://127.0.0.1/cdh/resource/a/b/c",
        "http://127.0.0.1@evil/cdh/resource/a/b/c"})
    void aKeyIsFetchedFromTheOwnDataHubOnly(String place) {
        String message = assertThrows(ModelFormatException.class, () -> KeyPlace.of(place)).getMessage();
        assertTrue(message.contains("cdh:REPOSITORY/TYPE/TAG"), message);
    }

    @Test
    void aPlaceIsNowhereAHubOrAFile() throws IOException {
        assertEquals(new KeyPlace.Nowhere(), KeyPlace.of(" "));
        assertEquals(new KeyPlace.InHub(URI.create("http://127.0.0.1:8006" + PATH)), KeyPlace.of("cdh:default/alcove/model-key"));
        assertEquals(new KeyPlace.InFile(Path.of("/keys/k")), KeyPlace.of("/keys/k"));
    }

    @Test
    void aClosedKeyIsGone() {
        ModelKey key = Sealing.key();
        byte[] id = key.id();
        key.close();
        assertFalse(Arrays.equals(id, key.id()));
    }
}
