package org.alcove.evidence;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.alcove.attestation.Evidence;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A stand-in for the attestation agent's REST interface. */
class AgentSourceTest {

    private static final byte[] DATA = "0123456789abcdef".repeat(4).getBytes(StandardCharsets.US_ASCII);

    private HttpServer server;
    private AgentSource source;
    private String asked = "";
    private int status = 200;
    private String answer = "{\"cc_eventlog\":\"AQI=\",\"quote\":\"BAAC\"}";

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            asked = exchange.getRequestURI().toString();
            byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        server.start();
        source = new AgentSource(URI.create("http://127.0.0.1:" + server.getAddress().getPort()));
    }

    @AfterEach
    void stop() {
        source.close();
        server.stop(0);
    }

    @Test
    void theAgentIsGivenTextAndGivesQuoteAndLog() throws IOException {
        Evidence evidence = source.quote(DATA);
        assertEquals("/aa/evidence?runtime_data=" + new String(DATA, StandardCharsets.US_ASCII), asked);
        assertArrayEquals(new byte[] {4, 0, 2}, evidence.quote());
        assertArrayEquals(new byte[] {1, 2}, evidence.eventLog().orElseThrow());
        answer = "{\"cc_eventlog\":null,\"quote\":\"BAAC\"}";
        assertTrue(source.quote(DATA).eventLog().isEmpty());
    }

    @Test
    void aSampleAgentsEvidenceIsRefused() {
        answer = "{\"svn\":\"1\",\"report_data\":\"AAAA\"}";
        assertTrue(message().contains("without a TDX quote"));
    }

    @Test
    void whatTheAgentRefusesIsSaidWithWhatToDo() {
        status = 404;
        answer = "Attestation Feature Not Enabled";
        assertTrue(message().contains("agent.guest_components_rest_api=all"), message());
        status = 500;
        answer = "no\u0007quote";
        assertTrue(message().contains("500: no quote"), message());
    }

    private String message() {
        return assertThrows(IOException.class, () -> source.quote(DATA)).getMessage();
    }
}
