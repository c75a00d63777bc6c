package org.alcove.distribution;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A controller that admits workers by their evidence, an API process, and the attesting client in front of them. Mock evidence,
 * which these policies allow, because real evidence takes a machine with TDX.
 */
class AttestedClusterIT {

    private static final String CANARY = "zqxsealedcanaryvjk";
    private static final String POLICY = "{\"version\":1,\"allow_mock\":true,\"measurements\":{\"mr_td\":\"any\","
            + "\"rtmr_0\":\"any\",\"rtmr_1\":\"any\",\"rtmr_2\":\"any\",\"rtmr_3\":\"any\",\"mr_config_id\":\"any\"}}";
    private static final Map<String, String> QUICK = Map.of("ALCOVE_JAVA_FLAGS", "-Dalcove.heartbeat_seconds=1"
            + " -Dalcove.poll_seconds=1 -Dalcove.connect.verify_seconds=2");
    private static final Duration LIMIT = Duration.ofSeconds(300);
    private static final long POLL_NANOS = 50_000_000;

    @TempDir
    Path folder;
    private final HttpClient client = HttpClient.newHttpClient();
    private final List<ServerProcess> processes = new ArrayList<>();

    @AfterEach
    void stop() {
        processes.reversed().forEach(ServerProcess::kill);
        client.close();
    }

    private ServerProcess launch(String role, String... flags) throws IOException {
        String data = folder.resolve("data-" + processes.size()).toString();
        List<String> all = new ArrayList<>(List.of("--port", "0", "--data", data));
        List<String> named = new ArrayList<>(List.of(flags));
        if (role.equals("connect")) {
            all.addFirst(named.removeFirst());
        }
        all.addAll(named);
        ServerProcess process = ServerProcess.launch(Distribution.home(), role, QUICK, all);
        processes.add(process);
        return process;
    }

    private JsonNode get(String url) {
        try {
            HttpResponse<String> told = client.send(HttpRequest.newBuilder(URI.create(url)).build(),
                    HttpResponse.BodyHandlers.ofString());
            // A process that has just started may answer others of its kind before it answers people.
            return told.statusCode() == 200 ? new ObjectMapper().readTree(told.body()) : MissingNode.getInstance();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private JsonNode await(String url, Predicate<JsonNode> expected) {
        long due = System.nanoTime() + LIMIT.toNanos();
        JsonNode told = get(url);
        while (!expected.test(told)) {
            assertTrue(System.nanoTime() < due, () -> "at last " + get(url) + outputs());
            LockSupport.parkNanos(POLL_NANOS);
            told = get(url);
        }
        return told;
    }

    private String outputs() {
        StringBuilder outputs = new StringBuilder();
        processes.forEach(process -> outputs.append("\n----\n").append(process.output()));
        return outputs.toString();
    }

    private String post(String url, String body) throws IOException, InterruptedException {
        HttpResponse<String> answer = client.send(HttpRequest.newBuilder(URI.create(url)).timeout(LIMIT)
                .header("Content-Type", "application/json").POST(HttpRequest.BodyPublishers.ofString(body)).build(),
                HttpResponse.BodyHandlers.ofString());
        assertEquals(200, answer.statusCode(), () -> answer.body() + outputs());
        return answer.body();
    }

    private static boolean workerIn(JsonNode workers, String state, String reason) {
        JsonNode worker = workers.path("workers").path(0);
        return worker.path("state").asText().equals(state) && worker.path("reason").asText().contains(reason);
    }

    @Test
    void aWorkerWithoutEvidenceIsRefusedAndPromptsPassTheControllerAndTheApiSealed() throws Exception {
        String policy = Files.writeString(folder.resolve("policy.json"), POLICY).toString();
        String model = Distribution.smallModel().toString();
        ServerProcess controller = launch("controller", "--worker-policy", policy).awaitReady();
        ServerProcess bare = launch("worker", "--controller", controller.url(), "--model", model).awaitReady();
        String workers = controller.url() + "/admin/api/workers";
        await(workers, told -> workerIn(told, "paused", "refused: "));
        bare.terminate();
        await(workers, told -> told.path("workers").isEmpty() || workerIn(told, "draining", ""));
        try (Tap toController = new Tap(controller.url())) {
            launch("worker", "--controller", controller.url(), "--model", model, "--evidence", "mock").awaitReady();
            await(workers, told -> told.toString().contains("MOCK evidence, which proves nothing"));
            ServerProcess api = launch("api", "--controller", toController.url()).awaitReady();
            try (Tap toApi = new Tap(api.url())) {
                ServerProcess connect = launch("connect", toApi.url(), "--relayed", "--policy", policy).awaitReady();
                JsonNode verdict = await(connect.url() + "/connect/verdict",
                        told -> told.path("verdict").asText().equals("accepted"));
                assertTrue(verdict.path("mock").booleanValue(), verdict.toString());
                String answer = post(connect.url() + "/v1/chat/completions", "{\"model\":\"stories260K\",\"max_tokens\":20,"
                        + "\"temperature\":0,\"messages\":[{\"role\":\"user\",\"content\":\"" + CANARY + "\"}]}");
                String words = new ObjectMapper().readTree(answer).at("/choices/0/message/content").asText();
                assertTrue(words.length() > 10, answer);
                assertTrue(toApi.heard().contains("sealed_body") && toController.heard().contains("stories260K"), "it was heard");
                for (String heard : List.of(toApi.heard(), toController.heard())) {
                    assertFalse(heard.contains(CANARY) || heard.contains(words.substring(0, 10)), "in the clear");
                }
                String page = client.send(HttpRequest.newBuilder(URI.create(connect.url() + "/")).build(),
                        HttpResponse.BodyHandlers.ofString()).body();
                assertTrue(page.contains("<html") && page.contains("/chat/"), page);
            }
        }
    }
}
