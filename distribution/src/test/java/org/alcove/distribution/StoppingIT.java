package org.alcove.distribution;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server that stops, or loses its front end, while an answer is written: the answer ends whole, new requests are sent away. */
class StoppingIT {

    /** Some seconds, in which others ask. */
    private static final int TOKENS = 120;
    private static final String TOKENS_PER_SECOND = "20";

    @TempDir
    Path folder;

    private static final String NOBODY = "openai-api.jar in plugins/ is being replaced or does not run";

    private final HttpClient client = HttpClient.newHttpClient();

    private HttpResponse<String> ask(ServerProcess server) {
        return ask(server, "/v1/models");
    }

    private HttpResponse<String> ask(ServerProcess server, String path) {
        try {
            return client.send(HttpRequest.newBuilder(URI.create(server.url() + path)).build(),
                    HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new AssertionError("the server did not answer; it wrote:\n" + server.output(), e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Asks until the answer is another than that of a server that runs: it must send away those who ask, for the reason. */
    private void assertSendsAway(ServerProcess server, String reason) throws IOException {
        AtomicReference<HttpResponse<String>> last = new AtomicReference<>();
        RunningModel.await("another answer", () -> {
            last.set(ask(server));
            // Between a front end and its farewell the process may say for a moment that nobody is there.
            return last.get().statusCode() != 200 && !last.get().body().contains(NOBODY);
        });
        for (HttpResponse<String> answer : List.of(last.get(), ask(server))) {
            assertEquals(503, answer.statusCode(), answer.body());
            assertEquals("unavailable", new ObjectMapper().readTree(answer.body()).at("/error/code").asText(), answer.body());
            assertTrue(answer.body().contains(reason), answer.body());
            assertEquals("1", answer.headers().firstValue("Retry-After").orElseThrow());
            assertEquals("close", answer.headers().firstValue("Connection").orElseThrow());
        }
    }

    private static StreamLoad stream(ServerProcess server) {
        StreamLoad load = new StreamLoad(server.url(), "stories260K", TOKENS).start(1);
        RunningModel.await("a stream under way", () -> load.deltas() > 2);
        return load;
    }

    @Test
    void aStoppingServerEndsWhatRunsAndSendsAwayWhoAsksAnew() throws Exception {
        try (ServerProcess server = ServerProcess.serve(Distribution.home(), folder.resolve("data"), "--model",
                Distribution.smallModel().toString(), "--max-tokens-per-second", TOKENS_PER_SECOND);
                StreamLoad load = stream(server)) {
            server.signal("TERM");
            assertSendsAway(server, "this process is stopping; ask another or again");
            for (String path : List.of("/readyz", "/attestation?nonce=" + "0a".repeat(32))) {
                HttpResponse<String> answer = ask(server, path);
                assertEquals(503, answer.statusCode(), answer.body());
                assertTrue(answer.body().contains("this process is stopping"), answer.body());
            }
            assertEquals(1, load.texts().size());
            assertEquals(ServerProcess.SIGTERM_STATUS, server.awaitEnd());
            assertFalse(server.output().contains("Exception"), server.output());
        }
    }

    @Test
    void aFrontEndThatIsTakenAwayEndsWhatRunsAndSendsAwayWhoAsksAnew() throws Exception {
        String model = Distribution.smallModel().toString();
        Path home = Distribution.copyTo(folder.resolve("home"));
        try (ServerProcess server = ServerProcess.serve(home, folder.resolve("data"), "--model", model,
                "--max-tokens-per-second", TOKENS_PER_SECOND); StreamLoad load = stream(server)) {
            Files.delete(home.resolve("plugins/openai-api.jar"));
            assertSendsAway(server, "this front end is being stopped or replaced; send the request again");
            assertEquals(1, load.texts().size());
            RunningModel.await("nobody at its paths", () -> ask(server).body().contains(NOBODY));
            HttpResponse<String> nobody = ask(server);
            assertEquals(503, nobody.statusCode());
            assertTrue(nobody.headers().firstValue("Retry-After").isPresent());
            assertEquals("unavailable", new ObjectMapper().readTree(nobody.body()).at("/error/code").asText());
        }
    }
}
