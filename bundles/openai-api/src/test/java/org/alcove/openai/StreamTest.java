package org.alcove.openai;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.alcove.api.conversation.Message;
import org.alcove.api.worker.Failure;
import org.alcove.api.worker.GenerateRequest;
import org.alcove.api.worker.GenerationEvent;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What happens on the way of a stream: failures, silence, clients that hang up, read slowly or come in crowds. */
class StreamTest {

    private static final String PATH = "/v1/chat/completions";
    private static final Duration OFTEN = Duration.ofMillis(50);

    private TestServer server = new TestServer(TestServer.PLAIN);

    @AfterEach
    void stop() {
        server.controller.played.forEach(it -> it.send(FakeController.finished(0)));
        server.close();
    }

    private void restart(Settings settings) {
        server.close();
        server = new TestServer(settings);
    }

    private static String ask(String content, boolean stream) {
        return "{\"model\":\"tiny\",\"messages\":[{\"role\":\"user\",\"content\":\"" + content + "\"}],\"stream\":" + stream
                + "}";
    }

    static BufferedReader reader(Socket socket) throws IOException {
        return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
    }

    static void awaitLine(BufferedReader reader, String part) throws IOException {
        String line = reader.readLine();
        while (line != null && !line.contains(part)) {
            line = reader.readLine();
        }
        assertNotNull(line, "the stream ended before " + part);
    }

    @Test
    void aFailureBeforeTheStreamBeginsHasItsStatus() {
        server.controller.play(request -> List.of(new GenerationEvent.Failed(new Failure.ContextOverflow(600, 16, 512))));
        HttpResponse<String> response = server.post(PATH, ask("Hi", true));
        assertEquals(400, response.statusCode());
        assertEquals("context_length_exceeded", Json.read(response.body()).at("/error/code").textValue());
        assertTrue(response.body().contains("600") && response.body().contains("512"), response.body());
    }

    @Test
    void anAnswerThatIsBegunAgainElsewhereOpensOnceAndNamesWhatWroteIt() {
        server.controller.play(request -> List.of(FakeController.started(),
                new GenerationEvent.Started("local-2", "fp-other", 42, 7), FakeController.delta("Hello"),
                FakeController.finished(1)));
        String body = server.post(PATH, ask("Hi", true)).body();
        assertEquals(2, body.split("\"role\":\"assistant\"", -1).length, body);
        assertTrue(body.lines().filter(line -> line.contains("Hello")).allMatch(line -> line.contains("fp-other")), body);
    }

    @Test
    void aFailureInTheMiddleIsAnErrorEventAndAProperEnd() {
        server.controller.play(request -> List.of(FakeController.started(), FakeController.delta("Hel"),
                new GenerationEvent.Failed(new Failure.Internal("bundle x failed"))));
        HttpResponse<String> response = server.post(PATH, ask("Hi", true));
        assertEquals(200, response.statusCode());
        assertTrue(response.body().endsWith("""
                data: {"error":{"message":"bundle x failed","type":"server_error","param":null,"code":"internal_error"}}

                """), response.body());
        assertFalse(response.body().contains("[DONE]"));
    }

    @Test
    void aFailureInTheMiddleOfAWholeAnswerHasItsStatus() {
        server.controller.play(request -> List.of(FakeController.started(), FakeController.delta("Hel"),
                new GenerationEvent.Failed(new Failure.Internal("bundle x failed"))));
        HttpResponse<String> response = server.post(PATH, ask("Hi", false));
        assertEquals(500, response.statusCode());
        assertEquals("bundle x failed", Json.read(response.body()).at("/error/message").textValue());
    }

    @Test
    void anAnswerThatEndsWithoutAnEndIsAFailure() {
        server.controller.play(request -> List.of(FakeController.started()));
        assertEquals(500, server.post(PATH, ask("Hi", false)).statusCode());
    }

    @Test
    void aLongSilenceIsFilledWithComments() throws IOException {
        restart(TestServer.pinging(OFTEN));
        server.controller.playOpen();
        try (Socket socket = server.open(PATH, ask("Hi", true))) {
            BufferedReader reader = reader(socket);
            awaitLine(reader, ": ping");
            awaitLine(reader, ": ping");
            FakeController.answer("late").forEach(server.controller.played.getFirst()::send);
            awaitLine(reader, "\"content\":\"late\"");
            awaitLine(reader, "[DONE]");
        }
    }

    @Test
    void aLongSilenceBeforeAWholeAnswerIsFilledWithWhiteSpace() throws IOException {
        restart(TestServer.pinging(OFTEN));
        server.controller.playOpen(FakeController.started());
        try (Socket socket = server.open(PATH, ask("Hi", false))) {
            BufferedReader reader = reader(socket);
            awaitLine(reader, "200 OK");
            List.of(FakeController.delta("late"), FakeController.finished(1)).forEach(server.controller.played.getFirst()::send);
            awaitLine(reader, "\"content\":\"late\"");
        }
    }

    @Test
    void aFailureAfterWhiteSpaceIsToldAndNotTakenForAnAnswer() throws IOException {
        restart(TestServer.pinging(OFTEN));
        server.controller.playOpen(FakeController.started());
        try (Socket socket = server.open(PATH, ask("Hi", false))) {
            BufferedReader reader = reader(socket);
            awaitLine(reader, "200 OK");
            server.controller.played.getFirst().send(new GenerationEvent.Failed(new Failure.Internal("bundle x failed")));
            awaitLine(reader, "bundle x failed");
            List<String> rest = new ArrayList<>();
            try {
                reader.lines().forEach(rest::add);
            } catch (UncheckedIOException cutOff) {
                rest.add("cut off");
            }
            assertFalse(rest.contains("0"), "the response ends like a whole one");
        }
    }

    @Test
    void aClientThatHangsUpCancelsItsStream() throws Exception {
        restart(TestServer.pinging(OFTEN));
        server.controller.playOpen(FakeController.started());
        try (Socket socket = server.open(PATH, ask("Hi", true))) {
            awaitLine(reader(socket), "assistant");
        }
        Await.until(() -> server.controller.running.get() == 0);
    }

    @Test
    void aClientThatHangsUpBeforeTheFirstTokenCancels() throws Exception {
        restart(TestServer.pinging(OFTEN));
        server.controller.playOpen();
        try (Socket socket = server.open(PATH, ask("Hi", true))) {
            Await.until(() -> server.controller.played.size() == 1);
        }
        Await.until(() -> server.controller.running.get() == 0);
    }

    @Test
    void aClientThatHangsUpCancelsItsWholeAnswer() throws Exception {
        restart(TestServer.pinging(OFTEN));
        server.controller.playOpen(FakeController.started());
        try (Socket socket = server.open(PATH, ask("Hi", false))) {
            Await.until(() -> server.controller.played.size() == 1);
        }
        Await.until(() -> server.controller.running.get() == 0);
    }

    @Test
    void aClientThatHangsUpIsNoticedWhileItsWholeAnswerGrows() throws Exception {
        restart(TestServer.pinging(OFTEN));
        server.controller.playOpen(FakeController.started());
        try (Socket socket = server.open(PATH, ask("Hi", false))) {
            Await.until(() -> server.controller.played.size() == 1);
        }
        Await.until(() -> {
            server.controller.played.getFirst().send(FakeController.delta("more"));
            return server.controller.running.get() == 0;
        });
    }

    @Test
    void aSlowReaderHoldsItsOwnSequenceBackAndLosesNothing() throws IOException {
        int events = 20_000;
        String text = "x".repeat(1000);
        server.controller.play(request -> {
            List<GenerationEvent> all = new ArrayList<>(List.of(FakeController.started()));
            IntStream.range(0, events).forEach(i -> all.add(FakeController.delta(text)));
            all.add(FakeController.finished(events));
            return all;
        });
        try (Socket socket = server.open(PATH, ask("Hi", true), "HTTP/1.0")) {
            Await.until(() -> !server.controller.played.isEmpty());
            FakeController.Played played = server.controller.played.getFirst();
            int[] seen = {-1};
            // The reader stands still once the buffers on the way are full.
            Await.until(() -> {
                int before = seen[0];
                seen[0] = played.read.get();
                LockSupport.parkNanos(100_000_000);
                return before == seen[0];
            });
            assertTrue(seen[0] < events, "all was read although nobody took it");
            assertEquals(200, server.get("/v1/models").statusCode());
            long deltas = reader(socket).lines().takeWhile(line -> !line.contains("[DONE]"))
                    .filter(line -> line.contains(text)).count();
            assertEquals(events, deltas);
        }
    }

    @Test
    void aHundredStreamsAtOnceEachGetTheirOwnText() {
        server.controller.play(request -> {
            Message message = ((GenerateRequest.Chat) request.input()).messages().getFirst();
            return FakeController.answer(message.content().split("(?<=-)"));
        });
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<CompletableFuture<String>> texts = IntStream.range(0, 100)
                    .mapToObj(i -> CompletableFuture.supplyAsync(
                            () -> text(server.post(PATH, ask("a-b-c-" + i, true)).body()), threads))
                    .toList();
            for (int i = 0; i < texts.size(); i++) {
                assertEquals("a-b-c-" + i, texts.get(i).join());
            }
        }
        Await.until(() -> server.controller.running.get() == 0);
    }

    private static String text(String body) {
        return body.lines().filter(line -> line.startsWith("data: {"))
                .map(line -> Json.read(line.substring(6)).at("/choices/0/delta/content").asText())
                .collect(Collectors.joining());
    }
}
