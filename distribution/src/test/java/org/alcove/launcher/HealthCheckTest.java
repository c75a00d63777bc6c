package org.alcove.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HealthCheckTest {

    private HttpServer server;
    private String url;

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        for (int status : new int[] {200, 503}) {
            server.createContext("/" + status, exchange -> {
                exchange.sendResponseHeaders(status, -1);
                exchange.close();
            });
        }
        server.start();
        url = "http://127.0.0.1:" + server.getAddress().getPort();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void aPageThatAnswersIsHealthy() {
        assertEquals(0, HealthCheck.of(List.of(url + "/200"), Map.of()).run());
    }

    @Test
    void thisMachineIsAlsoMeantByItsOwnName() {
        assertEquals(0, HealthCheck.of(List.of(url.replace("127.0.0.1", "localhost") + "/200"), Map.of()).run());
    }

    @Test
    void aPageThatSaysNotYetIsNot() {
        assertEquals(1, HealthCheck.of(List.of(url + "/503"), Map.of()).run());
    }

    @Test
    void aServerThatIsAwayIsNot() {
        server.stop(0);
        assertEquals(1, HealthCheck.of(List.of(url + "/200"), Map.of()).run());
    }

    @Test
    void aServerThatSpeaksNoTlsIsNotHealthyOverTls() {
        assertEquals(1, HealthCheck.of(List.of(url.replace("http:", "https:") + "/200"), Map.of()).run());
    }

    /** Other names are not looked up: what a name means is decided elsewhere. */
    @ParameterizedTest
    @ValueSource(strings = {"http://192.0.2.1:8080/readyz", "http://example.org:8080/", "ftp://127.0.0.1:21/", "127.0.0.1:8080",
        "http://localhost/readyz", "http:///readyz", ""})
    void anAddressElsewhereIsRefused(String page) {
        String message = assertThrows(UsageException.class, () -> HealthCheck.of(List.of(page), Map.of())).getMessage();
        assertTrue(message.contains("http://127.0.0.1:8080/readyz"), message);
    }
}
