package org.alcove.distribution;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models of a running server, loaded, kept, pinned and unloaded over HTTP, under a budget that has room for two of three. */
class ModelRoutesIT {

    private static final String KEY = "a-key-of-some-length";
    private static final String DEMO = "alcove-demo";
    private static final List<String> SHELF = List.of("one", "two");
    /** Each takes about 86 MB at most. */
    private static final long BUDGET = 131_072_000;
    private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    @TempDir
    static Path folder;
    private static ServerProcess server;

    private record Answer(int status, JsonNode body, String retryAfter) {

        String code() {
            return body.at("/error/code").asText();
        }

        String message() {
            return body.at("/error/message").asText();
        }
    }

    @BeforeAll
    static void serve() throws IOException {
        Path home = Distribution.copyTo(folder.resolve("home"));
        Path data = folder.resolve("data");
        for (String name : SHELF) {
            Files.copy(home.resolve("models").resolve("alcove-demo.gguf"),
                    Files.createDirectories(data.resolve("models")).resolve(name + ".gguf"));
        }
        Files.writeString(home.resolve("conf").resolve("org.alcove.worker.models.config"),
                "memory_budget_bytes=L\"" + BUDGET + "\"\n");
        Path keys = Files.writeString(folder.resolve("admins.txt"), "root:" + KEY + "\n");
        server = ServerProcess.serve(home, data, "--admin-keys", keys.toString());
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            server.close();
        }
    }

    /** Only the demo model is loaded, and nothing is said about any. */
    @BeforeEach
    void beginAnew() throws Exception {
        for (String name : SHELF) {
            keep(name, "{\"pinned\": false, \"keep_alive_seconds\": null}");
            if (!state(name).equals("unloaded")) {
                admin("POST", "models/" + name + "/unload", "");
                awaitState(name, "unloaded");
            }
        }
        keep(DEMO, "{\"pinned\": false, \"keep_alive_seconds\": null}");
        if (!state(DEMO).equals("ready")) {
            admin("POST", "models/" + DEMO + "/load", "");
        }
        awaitState(DEMO, "ready");
    }

    private static Answer send(String method, String path, String body) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(server.url() + path)).method(method,
                HttpRequest.BodyPublishers.ofString(body)).header("Content-Type", "application/json");
        if (path.startsWith("/admin")) {
            request.header("Authorization", "Bearer " + KEY);
        }
        HttpResponse<String> response = CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
        return new Answer(response.statusCode(), JSON.readTree(response.body()),
                response.headers().firstValue("Retry-After").orElse(""));
    }

    private static Answer admin(String method, String path, String body) throws Exception {
        return send(method, "/admin/api/" + path, body);
    }

    private static Answer keep(String name, String body) throws Exception {
        return admin("PATCH", "models/" + name, body);
    }

    private static Answer ask(String model) throws Exception {
        return send("POST", "/v1/chat/completions", "{\"model\": \"" + model + "\", \"max_tokens\": 2, \"messages\":"
                + " [{\"role\": \"user\", \"content\": \"Hello\"}]}");
    }

    private static JsonNode model(String name) throws Exception {
        for (JsonNode model : admin("GET", "models", "").body().get("models")) {
            if (model.get("name").textValue().equals(name)) {
                return model;
            }
        }
        throw new AssertionError("there is no model " + name);
    }

    private static String state(String name) throws Exception {
        return model(name).get("state").textValue();
    }

    private static void awaitState(String name, String wanted) throws Exception {
        long end = System.nanoTime() + LIMIT_NANOS;
        while (!state(name).equals(wanted)) {
            assertTrue(System.nanoTime() < end, name + " does not become " + wanted + ": " + model(name));
            LockSupport.parkNanos(POLL_NANOS);
        }
    }

    /** Uses are noted by a look now and then; of those between two looks none is the more recent. */
    private static void load(String name) throws Exception {
        assertEquals(200, admin("POST", "models/" + name + "/load", "").status());
        awaitState(name, "ready");
    }

    @Test
    void aModelIsToldWhatItTakesLoadedAskedAndUnloaded() throws Exception {
        JsonNode before = model("one");
        assertEquals("unloaded", before.get("state").textValue());
        long needed = before.at("/predicted_bytes/total").longValue();
        JsonNode budget = admin("GET", "models", "").body().get("budget");
        assertEquals(BUDGET, budget.get("bytes").longValue());
        assertTrue(2 * needed <= BUDGET && 3 * needed > BUDGET, "a model takes " + needed + " bytes: change the budget here");
        load("one");
        JsonNode after = admin("GET", "models", "").body().get("budget");
        assertTrue(after.get("held").longValue() >= budget.get("held").longValue() + needed / 2, budget + " and then " + after);
        assertTrue(model("one").at("/measured_bytes/total").longValue() > 0);
        assertEquals(200, ask("one").status());
        assertEquals("already_loaded", admin("POST", "models/one/load", "").code());
        assertEquals(200, admin("POST", "models/one/unload", "").status());
        awaitState("one", "unloaded");
        assertEquals(budget.get("held"), admin("GET", "models", "").body().at("/budget/held"));
    }

    @Test
    void whatDoesNotFitIsRefusedWithBothNumbersUntilSomethingMayGo() throws Exception {
        load("one");
        assertEquals(200, ask("one").status());
        for (String name : List.of(DEMO, "one")) {
            assertTrue(keep(name, "{\"pinned\": true}").body().get("pinned").booleanValue());
        }
        Answer refused = admin("POST", "models/two/load", "");
        assertEquals(409, refused.status(), refused.body().toString());
        assertEquals("no_room", refused.code());
        assertTrue(refused.message().matches("the model two needs \\d+ MB of memory, and of the budget of 132 MB only \\d+ MB can"
                + " be had, since these are pinned.*unpin or unload others.*"), refused.message());
        Answer request = ask("two");
        assertEquals(503, request.status(), request.body().toString());
        assertTrue(Integer.parseInt(request.retryAfter()) > 0, request.retryAfter());
        assertTrue(request.message().contains("needs"), request.message());
        keep("one", "{\"pinned\": false}");
        load("two");
        assertEquals("unloaded", state("one"));
        assertEquals("ready", state(DEMO), "what is pinned stays");
    }

    @Test
    void aRequestLoadsItsModelAndTheLeastRecentlyUsedGoes() throws Exception {
        load("one");
        assertEquals(200, ask("one").status());
        assertEquals(200, ask(DEMO).status());
        assertEquals(200, ask("two").status());
        assertEquals("unloaded", state("one"));
        assertEquals("ready", state(DEMO));
    }

    @Test
    void aModelThatMayNotStayGoesAfterItsUse() throws Exception {
        load("one");
        assertEquals(0, keep("one", "{\"keep_alive_seconds\": 0}").body().get("keep_alive_seconds").longValue());
        assertEquals(200, ask("one").status());
        awaitState("one", "unloaded");
        assertTrue(keep("one", "{\"keep_alive_seconds\": null}").body().get("keep_alive_seconds").isNull());
    }

    @Test
    void ordersThatMakeNoSenseAreRefusedAndNobodyWithoutAKeyGivesAny() throws Exception {
        assertEquals(422, keep("one", "{\"keep_alive_seconds\": -2}").status());
        assertEquals(422, keep("one", "{\"pinned\": \"yes\"}").status());
        assertEquals(404, keep("absent", "{\"pinned\": true}").status());
        assertEquals(404, admin("POST", "models/absent/load", "").status());
        assertEquals(405, admin("DELETE", "models/one", "").status());
        HttpRequest nobody = HttpRequest.newBuilder(URI.create(server.url() + "/admin/api/models/one/load"))
                .POST(HttpRequest.BodyPublishers.noBody()).build();
        assertEquals(401, CLIENT.send(nobody, HttpResponse.BodyHandlers.discarding()).statusCode());
        assertEquals("unloaded", state("one"));
    }
}
