package org.alcove.openai;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Large bodies that are refused before they are read: whoever sends one must hear why. */
class UnreadBodyTest {

    /** More than all buffers between two sockets hold. */
    private static final int LARGE = 30_000_000;

    private static final String JSON = "Content-Type: application/json\r\n";

    private final TestServer server = new TestServer(TestServer.PLAIN);

    @AfterEach
    void stop() {
        server.close();
    }

    private Socket open(String headers) throws IOException {
        Socket socket = new Socket("127.0.0.1", server.port());
        socket.setSoTimeout(60_000);
        socket.getOutputStream().write(("POST /v1/completions HTTP/1.1\r\nHost: localhost\r\n" + headers + "\r\n")
                .getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    private static String answer(Socket socket) throws IOException {
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/json", "text/plain"})
    void whoSendsAllBeforeItReadsHearsTheRefusal(String type) throws IOException {
        try (Socket socket = open("Content-Type: " + type + "\r\nContent-Length: " + LARGE + "\r\n")) {
            socket.getOutputStream().write(new byte[LARGE]);
            String answer = answer(socket);
            assertTrue(answer.startsWith(type.startsWith("text") ? "HTTP/1.1 415 " : "HTTP/1.1 413 "), answer);
            assertTrue(answer.contains("Connection: close"), answer);
        }
    }

    @Test
    void whoSendsABodyOfUnknownLengthHearsTheRefusal() throws IOException {
        try (Socket socket = open(JSON + "Transfer-Encoding: chunked\r\n")) {
            byte[] head = (Integer.toHexString(LARGE) + "\r\n").getBytes(StandardCharsets.US_ASCII);
            socket.getOutputStream().write(head);
            socket.getOutputStream().write(new byte[LARGE]);
            socket.getOutputStream().write("\r\n0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertTrue(answer(socket).contains("body_too_large"));
        }
    }

    @Test
    void whoAsksBeforeItSendsIsNotToldToSendWhatIsRefused() throws IOException {
        try (Socket socket = open(JSON + "Expect: 100-continue\r\nContent-Length: " + LARGE + "\r\n")) {
            String answer = answer(socket);
            assertTrue(answer.startsWith("HTTP/1.1 413 "), answer);
            assertEquals(1, answer.split("HTTP/1.1", -1).length - 1, answer);
        }
    }

    @Test
    void whoAsksBeforeItSendsIsToldToSendWhatIsRead() throws IOException {
        String body = "{\"model\":\"tiny\",\"prompt\":\"Hi\"}";
        try (Socket socket = open(JSON + "Expect: 100-continue\r\nConnection: close\r\nContent-Length: "
                + body.length() + "\r\n")) {
            byte[] first = socket.getInputStream().readNBytes("HTTP/1.1 100 Continue\r\n\r\n".length());
            assertEquals("HTTP/1.1 100 Continue\r\n\r\n", new String(first, StandardCharsets.US_ASCII));
            socket.getOutputStream().write(body.getBytes(StandardCharsets.US_ASCII));
            String answer = answer(socket);
            assertTrue(answer.startsWith("HTTP/1.1 200 "), answer);
        }
    }
}
