package org.alcove.openai;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.alcove.accounts.KeyTerms;
import org.alcove.keys.KeylessDoor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which pages get an answer, and by which name the server may be asked. */
class OriginTest {

    private static final String ASK = "{\"model\":\"tiny\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}";
    private static final String PAGE = "https://chat.example.org";

    private TestServer server = new TestServer(TestServer.PLAIN);

    @AfterEach
    void stop() {
        server.close();
    }

    private void restart(Cors cors) {
        server.close();
        Settings plain = TestServer.PLAIN;
        server = new TestServer(new Settings(plain.keys(), false, cors, plain.maxBodyBytes(), plain.ping(), plain.drain()));
    }

    /** Status and code of the answer to a chat with these headers. */
    private String ask(String host, String... headers) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", server.port())) {
            socket.setSoTimeout(60_000);
            String more = headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n";
            socket.getOutputStream().write(("POST /v1/chat/completions HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n"
                    + "Content-Type: application/json\r\nContent-Length: " + ASK.length() + "\r\n" + more + "\r\n" + ASK)
                    .getBytes(StandardCharsets.US_ASCII));
            String response = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            String body = response.substring(response.indexOf("\r\n\r\n") + 4);
            String code = Json.read(body).at("/error/code").asText("");
            return (response.split(" ")[1] + " " + code).strip();
        }
    }

    @Test
    void aPageWhoseNameWasMadeToMeanThisMachineIsRefused() throws IOException {
        assertEquals("403 host_not_allowed", ask("evil.example:8080", "Origin: http://evil.example:8080"));
        assertEquals("403 host_not_allowed", ask("evil.example:8080"));
        assertTrue(server.controller.asked.isEmpty());
    }

    @Test
    void aPageOfAnotherOriginIsRefused() throws IOException {
        for (String origin : List.of("http://evil.example:8080", "http://127.0.0.1:9999", "null", PAGE)) {
            assertEquals("403 origin_not_allowed", ask("127.0.0.1:8080", "Origin: " + origin), origin);
        }
        assertTrue(server.controller.asked.isEmpty());
    }

    @Test
    void programsAndOurOwnPagesAreServed() throws IOException {
        for (String host : List.of("127.0.0.1:8080", "localhost:8080", "LOCALHOST", "[::1]:8080", "192.168.1.7:8080")) {
            assertEquals("200", ask(host), host);
            assertEquals("200", ask(host, "Origin: http://" + host), host);
            assertEquals("200", ask(host, "Origin: https://" + host), host);
        }
    }

    @Test
    void aConfiguredPageIsServed() throws IOException {
        restart(new Cors(List.of(PAGE)));
        assertEquals("200", ask("127.0.0.1:8080", "Origin: " + PAGE));
        assertEquals("403 origin_not_allowed", ask("127.0.0.1:8080", "Origin: http://evil.example"));
        restart(new Cors(List.of("*")));
        assertEquals("200", ask("127.0.0.1:8080", "Origin: http://evil.example"));
    }

    @Test
    void theServerIsAskedByTheNameItWasBoundTo() throws IOException {
        restart(new Cors(new KeylessDoor(List.of(), "mybox", false)));
        assertEquals("200", ask("MyBox:8080", "Origin: http://MyBox:8080"));
        assertEquals("403 host_not_allowed", ask("evil.example:8080"));
    }

    /** Whoever terminates TLS is asked by a name that nobody here knows, and only by pages that came over TLS. */
    @Test
    void behindAProxyAnyNameMayBeAskedForByPagesThatCameOverTls() throws IOException {
        restart(new Cors(new KeylessDoor(List.of(), "127.0.0.1", true)));
        assertEquals("200", ask("chat.example.org", "Origin: " + PAGE));
        assertEquals("200", ask("chat.example.org"));
        assertEquals("403 origin_not_allowed", ask("evil.example:8080", "Origin: http://evil.example:8080"));
        assertEquals("403 origin_not_allowed", ask("chat.example.org", "Origin: https://evil.example"));
        assertEquals("200", ask("127.0.0.1:8080", "Origin: http://127.0.0.1:8080"));
    }

    /** No page has a key unless its reader gave it one, and a foreign one would have to ask first whether it may show it. */
    @Test
    void whoShowsAKeyIsServedByWhateverName() throws IOException {
        server.keys.issue("good", "ann", KeyTerms.CLIENT);
        assertEquals("200", ask("chat.example.org", "Authorization: Bearer good"));
        assertEquals("200", ask("upstream:8080", "Origin: " + PAGE, "Authorization: Bearer good"));
        assertEquals("401 invalid_api_key", ask("evil.example:8080", "Origin: http://evil.example:8080"));
    }
}
