package org.alcove.openai;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.Socket;
import org.junit.jupiter.api.Test;

/** What those who wait are told. */
class LineTest {

    private static final String PATH = "/v1/chat/completions";
    private static final String ASK =
            "{\"model\":\"tiny\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}],\"stream\":true}";

    @Test
    void whoWaitsIsToldTheirPlaceInLineAndWhenItIsOver() throws IOException {
        TestServer server = new TestServer(TestServer.PLAIN);
        server.controller.playOpen(FakeController.started());
        try (Socket socket = server.open(PATH, ASK)) {
            BufferedReader reader = StreamTest.reader(socket);
            StreamTest.awaitLine(reader, "assistant");
            FakeController.Played played = server.controller.played.getFirst();
            played.place = 3;
            StreamTest.awaitLine(reader, ": queued 3");
            played.place = 0;
            StreamTest.awaitLine(reader, ": queued 0");
            played.send(FakeController.delta("Hello"));
            StreamTest.awaitLine(reader, "Hello");
            played.send(FakeController.finished(1));
            StreamTest.awaitLine(reader, "[DONE]");
        } finally {
            server.close();
        }
    }
}
