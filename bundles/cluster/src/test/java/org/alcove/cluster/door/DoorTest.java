package org.alcove.cluster.door;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.alcove.cluster.stub.TestDoor;
import org.alcove.cluster.wire.Json;
import org.alcove.cluster.wire.Secret;
import org.alcove.cluster.wire.TlsFiles;
import org.junit.jupiter.api.Test;

class DoorTest {

    private static final String SECRET = "a-secret-of-many-characters";

    private static final Map<String, Route> ROUTES = Map.of(
            "/foreign", Route.fastChat(exchange -> echo(exchange)),
            "/own", Route.own("POST", exchange -> echo(exchange)),
            "/order", Route.own("POST", exchange -> exchange.reply(200, Json.object().put("x", exchange.order().text("x")))),
            "/fault", Route.own("POST", exchange -> {
                throw new IllegalStateException("somebody's text");
            }),
            "/test_connection", new Route("GET", true, exchange -> exchange.replyNull()));

    private static void echo(Exchange exchange) throws IOException {
        exchange.reply(200, Json.object().put("x", exchange.message().text("x")).put("standing", exchange.standing().name()));
    }

    private static Guard guard(String trusted) throws IOException {
        return new Guard(true, new Credentials(Optional.of(Secret.of(SECRET, "test")), new TlsFiles("", "", "", "")),
                AddressRanges.of(trusted));
    }

    private static int status(TestDoor door, String path, String... headers) {
        HttpRequest.Builder request = door.request(path).POST(HttpRequest.BodyPublishers.ofString("{\"x\": \"1\"}"));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return door.send(request.build()).statusCode();
    }

    @Test
    void onLoopbackNothingIsAskedFor() {
        try (TestDoor door = new TestDoor(TestDoor.OPEN, TestDoor.LIMITS, ROUTES)) {
            assertTrue(door.post("/own", "{\"x\": \"1\"}").body().contains("OWN"));
            assertEquals(200, door.get("/test_connection").statusCode());
            assertEquals(405, door.get("/own").statusCode());
        }
    }

    @Test
    void whereOthersCanComeASecretOrAnAuthorityIsNeeded() {
        String message = assertThrows(IllegalArgumentException.class,
                () -> new Guard(true, Credentials.NONE, AddressRanges.NONE)).getMessage();
        assertTrue(message.contains("--cluster-secret") && message.contains("--cluster-ca"), message);
    }

    @Test
    void whoHasNotTheSecretIsRefusedOnLoopbackToo() throws IOException {
        try (TestDoor door = new TestDoor(guard(""), TestDoor.LIMITS, ROUTES)) {
            assertEquals(401, status(door, "/own"));
            assertEquals(401, status(door, "/foreign"));
            assertEquals(401, status(door, "/own", "Authorization", "Bearer " + SECRET + "x"));
            assertEquals(401, status(door, "/own", "Authorization", SECRET));
            assertEquals(200, status(door, "/own", "Authorization", "Bearer " + SECRET));
            assertEquals(200, status(door, "/foreign", "Authorization", "bearer " + SECRET));
        }
    }

    @Test
    void aTrustedAddressIsLetInToFastChatsPathsAlone() throws IOException {
        try (TestDoor door = new TestDoor(guard("10.0.0.0/8, 127.0.0.0/8"), TestDoor.LIMITS, ROUTES)) {
            assertTrue(door.post("/foreign", "{\"x\": \"1\"}").body().contains("FOREIGN"));
            assertEquals(401, status(door, "/own"));
        }
        try (TestDoor door = new TestDoor(guard("10.0.0.0/8"), TestDoor.LIMITS, ROUTES)) {
            assertEquals(401, status(door, "/foreign"));
        }
    }

    @Test
    void webPagesAreRefusedAndNamesThatAreNotOursToo() throws IOException {
        try (TestDoor door = new TestDoor(TestDoor.OPEN, TestDoor.LIMITS, ROUTES)) {
            assertEquals(403, status(door, "/own", "Origin", "http://127.0.0.1:8080"));
            assertEquals(403, status(door, "/own", "Sec-Fetch-Site", "none"));
            try (Socket socket = new Socket("127.0.0.1", door.port())) {
                socket.getOutputStream().write("GET /test_connection HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n"
                        .getBytes(StandardCharsets.US_ASCII));
                assertTrue(text(socket).startsWith("HTTP/1.1 403"));
            }
        }
    }

    @Test
    void aBodyThatIsTooLargeIsRefusedWithBothNumbers() throws IOException {
        String large = "{\"x\": \"" + "y".repeat(5000) + "\"}";
        try (TestDoor door = new TestDoor(TestDoor.OPEN, TestDoor.LIMITS, ROUTES)) {
            var refused = door.post("/own", large);
            assertEquals(413, refused.statusCode());
            assertTrue(refused.body().contains("4096") && refused.body().contains("5009"), refused.body());
            assertEquals(200, door.post("/order", large).statusCode(), "requests for answers may be larger");
            try (Socket socket = new Socket("127.0.0.1", door.port())) {
                socket.getOutputStream().write(("POST /own HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
                        + "1391\r\n" + large + "\r\n0\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
                assertTrue(text(socket).startsWith("HTTP/1.1 413"), "also where its length is not told before");
            }
        }
    }

    @Test
    void aBodyThatMakesNoSenseIsRefusedWithItsReasonAndNotQuoted() {
        try (TestDoor door = new TestDoor(TestDoor.OPEN, TestDoor.LIMITS, ROUTES)) {
            List<String> senseless = List.of("", "null", "[]", "{", "{\"x\": \"private\"", "{\"x\":\"private\",\"x\":\"2\"}",
                    "{\"x\": 1}", "{}", "{\"x\": \"private\"} {}", "[".repeat(2000), "\u0000", "private");
            for (String body : senseless) {
                var refused = door.post("/own", body);
                assertEquals(400, refused.statusCode(), body);
                assertTrue(refused.body().contains("\"message\""), body);
                assertTrue(!refused.body().contains("private"), refused.body());
            }
        }
    }

    @Test
    void aFaultOfOursQuotesNobody() {
        try (TestDoor door = new TestDoor(TestDoor.OPEN, TestDoor.LIMITS, ROUTES)) {
            var fault = door.post("/fault", "{}");
            assertEquals(500, fault.statusCode());
            assertTrue(!fault.body().contains("somebody"), fault.body());
        }
    }

    @Test
    void bodiesThatDripHoldUpNobody() throws IOException {
        try (TestDoor door = new TestDoor(TestDoor.OPEN, TestDoor.LIMITS, ROUTES)) {
            List<Socket> slow = dripping(door);
            assertEquals(200, status(door, "/own"));
            for (Socket socket : slow) {
                socket.close();
            }
        }
    }

    @Test
    void bodiesThatDripAreRefused() throws IOException {
        Limits limits = new Limits(4096, 4096, Duration.ofMillis(300));
        try (TestDoor door = new TestDoor(TestDoor.OPEN, limits, ROUTES)) {
            for (Socket socket : dripping(door)) {
                try (socket) {
                    String answer = text(socket);
                    assertTrue(answer.startsWith("HTTP/1.1 408") && answer.contains("300 ms"), answer);
                }
            }
        }
    }

    private static List<Socket> dripping(TestDoor door) throws IOException {
        List<Socket> slow = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            slow.add(door.begin("/own", 100, "{\"x\": "));
        }
        return slow;
    }

    @Test
    void aBodyThatBreaksOffDisturbsNobody() throws IOException {
        try (TestDoor door = new TestDoor(TestDoor.OPEN, TestDoor.LIMITS, ROUTES)) {
            for (int i = 0; i < 50; i++) {
                door.begin("/own", 100, "{\"x\": ").close();
            }
            assertEquals(200, status(door, "/own"));
        }
    }

    private static String text(Socket socket) throws IOException {
        socket.setSoTimeout(60_000);
        StringBuilder text = new StringBuilder();
        try {
            for (int c = socket.getInputStream().read(); c >= 0; c = socket.getInputStream().read()) {
                text.append((char) c);
                if (text.length() > 9 && text.toString().endsWith("}}")) {
                    return text.toString();
                }
            }
        } catch (java.net.SocketException e) {
            return text.toString();
        }
        return text.toString();
    }
}
