package org.alcove.openai;

import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** What those who wait are told. */
class LineTest {

    private static final String PATH = "/v1/chat/completions";
    private static final String ASK =
            "{\"model\":\"tiny\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}],\"stream\":true}";

    private static void awaitLine(BufferedReader reader, String part) throws IOException {
        String line = reader.readLine();
        while (line != null && !line.contains(part)) {
            line = reader.readLine();
        }
        assertNotNull(line, "the stream ended before " + part);
    }

    @Test
    void whoWaitsIsToldTheirPlaceInLineAndWhenItIsOver() throws IOException {
        TestServer server = new TestServer(TestServer.PLAIN);
        server.controller.playOpen(FakeController.started());
        try (Socket socket = server.open(PATH, ASK)) {
            BufferedReader reader = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            awaitLine(reader, "assistant");
            FakeController.Played played = server.controller.played.getFirst();
            played.place = 3;
            awaitLine(reader, ": queued 3");
            played.place = 0;
            awaitLine(reader, ": queued 0");
            played.send(FakeController.delta("Hello"));
            awaitLine(reader, "Hello");
            played.send(FakeController.finished(1));
            awaitLine(reader, "[DONE]");
        } finally {
            server.close();
        }
    }
}
