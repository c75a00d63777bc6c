package org.alcove.openai;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.alcove.web.stopping.FrontDoor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What becomes of answers, and of those who ask anew, when the front end or the whole process stops. */
class StoppingTest {

    private static final String PATH = "/v1/chat/completions";
    private static final String QUESTION =
            "{\"model\":\"tiny\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}],\"stream\":true}";

    private TestServer server = new TestServer(TestServer.PLAIN);

    @AfterEach
    void stop() {
        server.controller.played.forEach(it -> it.send(FakeController.finished(0)));
        server.close();
    }

    private void drain() {
        try {
            server.servlet.drain(FrontDoor.PROCESS_STOPS);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void assertRefused(HttpResponse<String> refusal) {
        assertEquals(503, refusal.statusCode(), refusal.body());
        assertEquals("unavailable", Json.read(refusal.body()).at("/error/code").asText());
        assertEquals(FrontDoor.PROCESS_STOPS, Json.read(refusal.body()).at("/error/message").asText());
        assertEquals("1", refusal.headers().firstValue("Retry-After").orElseThrow());
        assertEquals("close", refusal.headers().firstValue("Connection").orElseThrow());
    }

    @Test
    void whatRunsGoesOnToItsEndAndWhoAsksAnewIsToldToComeAgain() throws Exception {
        server.controller.playOpen(FakeController.started());
        try (Socket socket = server.open(PATH, QUESTION)) {
            BufferedReader reader = StreamTest.reader(socket);
            StreamTest.awaitLine(reader, "assistant");
            Thread stopping = Thread.ofPlatform().start(this::drain);
            Await.until(() -> stopping.getState() == Thread.State.TIMED_WAITING);
            assertRefused(server.post(PATH, QUESTION));
            assertRefused(server.get("/v1/models"));
            server.controller.played.getFirst().send(FakeController.delta("the rest"));
            StreamTest.awaitLine(reader, "the rest");
            assertTrue(stopping.isAlive());
            server.controller.played.getFirst().send(FakeController.finished(0));
            StreamTest.awaitLine(reader, "[DONE]");
            stopping.join();
        }
        assertEquals(1, server.controller.played.size(), "nothing new was begun");
    }

    @Test
    void whatTakesTooLongEndsWithAnErrorAndIsNotWaitedForTwice() throws Exception {
        server.close();
        server = new TestServer(new Settings(TestServer.PLAIN.keys(), false, TestServer.PLAIN.cors(), 1024,
                Duration.ofSeconds(10), Duration.ofMillis(50)));
        server.controller.playOpen(FakeController.started());
        try (Socket socket = server.open(PATH, QUESTION)) {
            BufferedReader reader = StreamTest.reader(socket);
            StreamTest.awaitLine(reader, "assistant");
            drain();
            StreamTest.awaitLine(reader, "\"code\":\"unavailable\"");
        }
        Await.until(() -> server.controller.running.get() == 0);
        drain();
        assertRefused(server.post(PATH, QUESTION));
    }
}
