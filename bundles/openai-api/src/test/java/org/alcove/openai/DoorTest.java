package org.alcove.openai;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.alcove.api.worker.Failure;
import org.alcove.api.worker.RequestException;
import org.alcove.keys.ApiKeys;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Models, keys, origins and the mapping of failures. */
class DoorTest {

    private static final String CHAT = "/v1/chat/completions";
    private static final String ASK = "{\"model\":\"tiny\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}";
    /** {@code printf hashed-key | sha256sum}. */
    private static final String HASH = "a4ae87b73fa5645e6aee415a6f72be4dcbd99d057a7b40cb1b867c181d179260";
    private static final String PAGE = "https://chat.example.org";

    @TempDir
    Path folder;
    private TestServer server = new TestServer(TestServer.PLAIN);

    @AfterEach
    void stop() {
        server.close();
    }

    private void restart(Optional<ApiKeys> keys, List<String> origins) {
        server.close();
        server = new TestServer(new Settings(keys, false, new Cors(origins), 65_536,
                Duration.ofSeconds(10), Duration.ofSeconds(1)));
    }

    @Test
    void modelsAreListed() {
        assertEquals("""
                {"object":"list","data":[{"id":"tiny","object":"model","created":1700000000,"owned_by":"alcove",\
                "state":"ready","max_model_len":512,\
                "default_sampling":{"temperature":1.0,"top_p":1.0,"top_k":0,"min_p":0.0,"repetition_penalty":1.0}},\
                {"id":"org/model:v1","object":"model","created":1700000001,"owned_by":"alcove",\
                "state":"ready","max_model_len":512,\
                "default_sampling":{"temperature":1.0,"top_p":1.0,"top_k":0,"min_p":0.0,"repetition_penalty":1.0}}]}""",
                server.get("/v1/models").body());
    }

    @Test
    void whatAModelRecommendsAboutSamplingIsListed() {
        server.controller.serve(FakeController.OPINIONATED);
        assertEquals("{\"temperature\":0.25,\"top_p\":0.75,\"top_k\":20,\"min_p\":0.0,\"repetition_penalty\":1.5}",
                Json.read(server.get("/v1/models/cool").body()).get("default_sampling").toString());
    }

    @Test
    void aModelIsFoundByItsIdSlashesIncluded() {
        assertEquals("{\"id\":\"org/model:v1\",\"object\":\"model\",\"created\":1700000001,\"owned_by\":\"alcove\","
                + "\"state\":\"ready\",\"max_model_len\":512,"
                + "\"default_sampling\":{\"temperature\":1.0,\"top_p\":1.0,"
                + "\"top_k\":0,\"min_p\":0.0,\"repetition_penalty\":1.0}}",
                server.get("/v1/models/org/model:v1").body());
        assertEquals("org/model:v1", Json.read(server.get("/v1/models/org%2Fmodel%3Av1").body()).get("id").textValue());
        assertEquals("tiny", Json.read(server.get("/v1/models/t%69ny").body()).get("id").textValue());
    }

    /** A failure and the error it becomes. */
    record Mapped(Failure failure, int status, String type, String code, String retryAfter) {
    }

    static final List<Mapped> FAILURES = List.of(
            new Mapped(new Failure.Invalid("messages", "m"), 400, "invalid_request_error", "invalid_value", null),
            new Mapped(new Failure.Unsupported("logprobs", "m"), 400, "invalid_request_error", "unsupported_parameter", null),
            new Mapped(new Failure.ContextOverflow(500, 20, 512), 400, "invalid_request_error", "context_length_exceeded", null),
            new Mapped(new Failure.Refused("g", "m"), 400, "invalid_request_error", "content_filter", null),
            new Mapped(new Failure.UnknownModel("x", "m"), 404, "invalid_request_error", "model_not_found", null),
            new Mapped(new Failure.TimedOut("m"), 408, "timeout_error", "timeout", null),
            new Mapped(new Failure.Overloaded(Duration.ofMillis(1500), "m"), 429, "rate_limit_error", "overloaded", "2"),
            new Mapped(new Failure.Unavailable(Duration.ZERO, "m"), 503, "server_error", "unavailable", "1"),
            new Mapped(new Failure.Internal("m"), 500, "server_error", "internal_error", null));

    @ParameterizedTest
    @FieldSource("FAILURES")
    void aFailureBecomesItsError(Mapped mapped) {
        server.controller.play(request -> {
            throw new RequestException(mapped.failure());
        });
        HttpResponse<String> response = server.post(CHAT, ASK);
        assertEquals(mapped.status(), response.statusCode());
        assertEquals(mapped.type(), Json.read(response.body()).at("/error/type").textValue());
        assertEquals(mapped.code(), Json.read(response.body()).at("/error/code").textValue());
        String further = mapped.status() == 404 ? "; GET /v1/models lists those that may be asked for" : "";
        assertEquals(mapped.failure().message() + further, Json.read(response.body()).at("/error/message").textValue());
        assertEquals(mapped.retryAfter(), response.headers().firstValue("retry-after").orElse(null));
    }

    @Test
    void aFaultOfOursTellsTheIdAndNothingElse() {
        server.controller.play(request -> {
            throw new IllegalStateException("secret");
        });
        HttpResponse<String> response = server.post(CHAT, ASK);
        assertEquals(500, response.statusCode());
        assertTrue(response.body().contains("req-1") && !response.body().contains("secret"), response.body());
    }

    @Test
    void aClientsOwnIdIsEchoedAndTraced() {
        HttpResponse<String> response = server.send(server.request(CHAT).header("Content-Type", "application/json")
                .header("X-Client-Request-Id", "mine-1").POST(HttpRequest.BodyPublishers.ofString(ASK)).build());
        assertEquals("mine-1", response.headers().firstValue("x-client-request-id").orElse(""));
        assertEquals("mine-1", server.controller.asked.getFirst().context().trace());
    }

    private HttpResponse<String> asking(String authorization) {
        HttpRequest.Builder request = server.request(CHAT).header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(ASK));
        return server.send(authorization == null ? request.build() : request.header("Authorization", authorization).build());
    }

    @Test
    void onlyKnownKeysAreLetIn() throws IOException {
        Path file = folder.resolve("keys.txt");
        Files.writeString(file, """
                # who may call
                alice:plain-key

                bob:sha256:%s
                """.formatted(HASH));
        restart(Optional.of(new ApiKeys(file)), List.of());
        HttpResponse<String> none = asking(null);
        assertEquals(401, none.statusCode());
        assertEquals("authentication_error", Json.read(none.body()).at("/error/type").textValue());
        assertEquals("invalid_api_key", Json.read(none.body()).at("/error/code").textValue());
        assertTrue(none.headers().firstValue("www-authenticate").orElse("").startsWith("Bearer"));
        assertEquals(401, asking("Bearer wrong").statusCode());
        assertEquals(401, asking("Bearer ").statusCode());
        assertEquals(401, asking("Basic plain-key").statusCode());
        assertEquals(401, asking("Bearer " + HASH).statusCode());
        assertEquals(401, server.get("/v1/models").statusCode());
        assertEquals(401, server.get("/v1/nothing").statusCode());
        assertEquals(200, asking("Bearer plain-key").statusCode());
        assertEquals(200, asking("bearer hashed-key").statusCode());
        assertEquals(List.of("alice", "bob"), server.controller.asked.stream().map(it -> it.context().tenant()).toList());
    }

    @Test
    void keysAreReadAgainWhenTheirFileChanges() throws IOException {
        Path file = folder.resolve("keys.txt");
        Files.writeString(file, "alice:old-key\n");
        restart(Optional.of(new ApiKeys(file)), List.of());
        assertEquals(200, asking("Bearer old-key").statusCode());
        Files.writeString(file, "alice:the-new-key\n");
        assertEquals(401, asking("Bearer old-key").statusCode());
        assertEquals(200, asking("Bearer the-new-key").statusCode());
    }

    @Test
    void aKeysFileThatMakesNoSenseOrIsAbsentLetsNobodyIn() throws IOException {
        Path file = folder.resolve("keys.txt");
        Files.writeString(file, "alice:good-key\nno colon here\n");
        restart(Optional.of(new ApiKeys(file)), List.of());
        assertEquals(503, asking("Bearer good-key").statusCode());
        Files.writeString(file, "alice:sha256:1234\n");
        assertEquals(503, asking("Bearer 1234").statusCode());
        Files.delete(file);
        HttpResponse<String> absent = asking("Bearer good-key");
        assertEquals(503, absent.statusCode());
        assertFalse(absent.body().contains(folder.toString()));
    }

    private HttpResponse<String> preflight(String origin) {
        return server.send(server.request(CHAT).method("OPTIONS", HttpRequest.BodyPublishers.noBody()).header("Origin", origin)
                .header("Access-Control-Request-Method", "POST")
                .header("Access-Control-Request-Headers", "authorization,content-type,x-stainless-os,x-evil").build());
    }

    private HttpResponse<String> from(String origin) {
        return server.send(server.request("/v1/models").header("Origin", origin).build());
    }

    @Test
    void noPageMayCallUnlessConfigured() {
        assertEquals(403, preflight(PAGE).statusCode());
        assertEquals(Optional.empty(), from(PAGE).headers().firstValue("access-control-allow-origin"));
    }

    @Test
    void aConfiguredPageMayCall() throws IOException {
        Path file = Files.writeString(folder.resolve("keys.txt"), "alice:good-key\n");
        restart(Optional.of(new ApiKeys(file)), List.of(PAGE));
        HttpResponse<String> preflight = preflight(PAGE);
        assertEquals(204, preflight.statusCode());
        assertEquals(PAGE, preflight.headers().firstValue("access-control-allow-origin").orElse(""));
        assertEquals("authorization, content-type, x-stainless-os",
                preflight.headers().firstValue("access-control-allow-headers").orElse(""));
        assertEquals(403, preflight("https://evil.example.org").statusCode());
        HttpResponse<String> refused = from(PAGE);
        assertEquals(401, refused.statusCode());
        assertEquals(PAGE, refused.headers().firstValue("access-control-allow-origin").orElse(""));
        assertEquals("Origin", refused.headers().firstValue("vary").orElse(""));
        assertEquals(Optional.empty(), from("https://evil.example.org").headers().firstValue("access-control-allow-origin"));
    }

    @Test
    void aStarLetsEveryPageCall() {
        restart(Optional.empty(), List.of("*"));
        assertEquals(PAGE, from(PAGE).headers().firstValue("access-control-allow-origin").orElse(""));
    }
}
