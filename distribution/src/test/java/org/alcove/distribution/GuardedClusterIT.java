package org.alcove.distribution;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.alcove.api.worker.WorkerStatus.State;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A guard in a cluster, where {@code docs/writing-a-guard.md} says that it belongs: in the API process. The controller and the
 * worker are processes of their own that have none, and another API process without one shows what the guard keeps back.
 */
class GuardedClusterIT {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String PROMPT = "Once upon a time";
    private static final int TOKENS = 60;
    private static final int FAST = 10_000;

    @TempDir
    Path folder;

    private final HttpClient client = HttpClient.newHttpClient();
    private ClusterProcesses cluster;
    private ServerProcess guarded;

    private record Reply(int status, JsonNode body) {

        String text() {
            return body.at("/choices/0/text").asText();
        }

        String finish() {
            return body.at("/choices/0/finish_reason").asText();
        }

        String code() {
            return body.at("/error/code").asText();
        }
    }

    @AfterEach
    void stop() {
        if (guarded != null) {
            guarded.kill();
        }
        if (cluster != null) {
            cluster.close();
        }
        client.close();
    }

    private Reply ask(ServerProcess api, String prompt) {
        String body = JSON.createObjectNode().put("model", ClusterProcesses.MODEL).put("prompt", prompt).put("max_tokens", TOKENS)
                .put("temperature", 0).toString();
        try {
            HttpResponse<String> answer = client.send(HttpRequest.newBuilder(URI.create(api.url() + "/v1/completions"))
                    .header("Content-Type", "application/json").POST(HttpRequest.BodyPublishers.ofString(body)).build(),
                    HttpResponse.BodyHandlers.ofString());
            return new Reply(answer.statusCode(), JSON.readTree(answer.body()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aGuardInTheApiProcessRefusesRequestsAndEndsAnswersOfWorkersElsewhere() throws Exception {
        Distribution.smallModel();
        cluster = new ClusterProcesses(folder);
        cluster.controller();
        ServerProcess open = cluster.api();
        Path home = Distribution.copyTo(folder.resolve("home"));
        Files.writeString(home.resolve("conf").resolve("org.alcove.core.guards.config"),
                "required=[\"" + ShortSpokenGuard.NAME + "\"]\n");
        guarded = ServerProcess.launch(home, "api", Map.of(), List.of("--port", "0", "--data",
                folder.resolve("guarded").toString(), "--controller", cluster.controllerUrl())).awaitReady();
        cluster.awaitState(cluster.worker(FAST).awaitReady(), State.READY);
        RunningModel.await("an answer", () -> ask(open, PROMPT).status() == 200);
        String whole = ask(open, PROMPT).text();
        RunningModel.await("a refusal for lack of the guard", () -> ask(guarded, PROMPT).body().toString()
                .contains("the guard " + ShortSpokenGuard.NAME + " is required"));
        assertEquals(503, ask(guarded, PROMPT).status());
        Path jar = folder.resolve("guard.jar");
        ShortSpokenGuard.writeTo(jar);
        Files.move(jar, home.resolve("plugins").resolve("guard.jar"));
        RunningModel.await("an answer that was judged", () -> ask(guarded, PROMPT).status() == 200);

        Reply refused = ask(guarded, "What is behind the BLUE door?");
        assertEquals(400, refused.status(), refused.body().toString());
        assertEquals("content_filter", refused.code());
        assertEquals(ShortSpokenGuard.REASON, refused.body().at("/error/message").asText());
        Reply ended = ask(guarded, PROMPT);
        assertEquals("content_filter", ended.finish(), ended.body().toString());
        assertTrue(whole.startsWith(ended.text()), ended.text());
        assertTrue(!ended.text().isEmpty() && ended.text().length() <= ShortSpokenGuard.CHARACTERS, ended.text());

        assertEquals(200, ask(open, "What is behind the BLUE door?").status(), "each API process has guards of its own");
        assertEquals(whole, ask(open, PROMPT).text());
    }
}
