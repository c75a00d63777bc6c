package org.alcove.distribution;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
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
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.alcove.api.worker.WorkerStatus.State;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The guard of its page in a cluster, where that page says it belongs: in the API process. The controller and the worker are
 * processes of their own that have none, and another API process without one shows what the guard keeps back.
 */
class GuardedClusterIT {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String PROMPT = "Once upon a time";
    private static final int TOKENS = 60;
    private static final int FAST = 10_000;
    /** Two words that stand behind the first third of an answer, so that some of it goes out before them. */
    private static final Pattern TWO_WORDS = Pattern.compile("[a-z]{2,} [a-z]{3,}");

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

    /** An API process that answers nobody without its guard, which is not there yet. */
    private Path guardedHome(String denied) throws IOException {
        Path home = Distribution.copyTo(folder.resolve("home"));
        Files.writeString(home.resolve("conf").resolve("com.example.house_rules.config"),
                "denied=[\"blue door\",\"" + denied + "\"]\n");
        Files.writeString(home.resolve("conf").resolve("org.alcove.core.guards.config"), "required=[\"house_rules\"]\n");
        return home;
    }

    @Test
    void aGuardInTheApiProcessRefusesRequestsAndEndsAnswersOfWorkersElsewhere() throws Exception {
        Path jar = DocumentedProject.build("writing-a-guard.md");
        cluster = new ClusterProcesses(folder);
        cluster.controller();
        ServerProcess open = cluster.api();
        cluster.awaitState(cluster.worker(FAST).awaitReady(), State.READY);
        RunningModel.await("an answer", () -> ask(open, PROMPT).status() == 200);
        String whole = ask(open, PROMPT).text();
        Matcher words = TWO_WORDS.matcher(whole);
        assertTrue(words.find(whole.length() / 3), whole);
        Path home = guardedHome(words.group());
        guarded = ServerProcess.launch(home, "api", Map.of(), List.of("--port", "0", "--data",
                folder.resolve("guarded").toString(), "--controller", cluster.controllerUrl())).awaitReady();
        RunningModel.await("a refusal for lack of the guard", () -> ask(guarded, PROMPT).body().toString()
                .contains("the guard house_rules is required"));
        assertEquals(503, ask(guarded, PROMPT).status());
        Files.copy(jar, home.resolve("plugins").resolve(jar.getFileName()));
        RunningModel.await("an answer that was judged", () -> ask(guarded, PROMPT).status() == 200);

        Reply refused = ask(guarded, "What is behind the BLUE door?");
        assertEquals(400, refused.status(), refused.body().toString());
        assertEquals("content_filter", refused.code());
        assertEquals("the request contains what is not talked about here; put it another way",
                refused.body().at("/error/message").asText());
        Reply ended = ask(guarded, PROMPT);
        assertEquals("content_filter", ended.finish(), ended.body().toString());
        assertTrue(whole.startsWith(ended.text()) && ended.text().length() < whole.length(), ended.text());
        assertFalse(ended.text().contains(words.group()) || ended.text().isEmpty(), ended.text());

        assertEquals(200, ask(open, "What is behind the BLUE door?").status(), "each API process has guards of its own");
        assertEquals(whole, ask(open, PROMPT).text());
    }
}
