package org.alcove.openai;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.alcove.accounts.KeyTerms;
import org.alcove.accounts.Role;
import org.alcove.api.worker.Failure;
import org.alcove.api.worker.RequestException;
import org.alcove.keys.ApiKeys;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What holders of keys that were made on the server may, and how much of it. */
class PassTest {

    private static final String CHAT = "/v1/chat/completions";
    private static final String ASK = "{\"model\":\"tiny\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}";
    private static final Duration SECOND = Duration.ofSeconds(1);

    @TempDir
    Path folder;
    private TestServer server = new TestServer(TestServer.PLAIN);

    @AfterEach
    void stop() {
        server.close();
    }

    private static KeyTerms scope(Set<String> models, Set<String> endpoints) {
        return new KeyTerms(Optional.of(models), Optional.of(endpoints), Optional.empty(), OptionalInt.empty(),
                OptionalInt.empty(), Optional.empty());
    }

    private static KeyTerms limits(int requests, int tokens) {
        return new KeyTerms(Optional.empty(), Optional.empty(), Optional.empty(),
                requests == 0 ? OptionalInt.empty() : OptionalInt.of(requests),
                tokens == 0 ? OptionalInt.empty() : OptionalInt.of(tokens), Optional.empty());
    }

    private void make(String secret, KeyTerms terms) {
        server.keys.issue(secret, "ann", terms);
    }

    private HttpResponse<String> ask(String secret, String path, String json) {
        HttpRequest.Builder request = server.request(path);
        if (!json.isEmpty()) {
            request.header("Content-Type", "application/json").POST(HttpRequest.BodyPublishers.ofString(json));
        }
        return server.send((secret.isEmpty() ? request : request.header("Authorization", "Bearer " + secret)).build());
    }

    private static String code(HttpResponse<String> response) {
        return response.statusCode() + " " + Json.read(response.body()).at("/error/code").textValue();
    }

    private static String header(HttpResponse<String> response, String name) {
        return response.headers().firstValue(name).orElse("none");
    }

    private void after(Duration time) {
        server.nanos.addAndGet(time.toNanos());
    }

    @Test
    void theFirstKeyClosesTheDoorToThoseWithoutAndTheLastRevokedOneDoesNotOpenIt() {
        assertEquals(200, ask("", CHAT, ASK).statusCode());
        assertEquals(200, ask("any", CHAT, ASK).statusCode());
        make("good", KeyTerms.CLIENT);
        assertEquals("401 invalid_api_key", code(ask("", CHAT, ASK)));
        assertEquals("401 invalid_api_key", code(ask("any", CHAT, ASK)));
        assertEquals(200, ask("good", CHAT, ASK).statusCode());
        assertEquals("key-good", server.controller.asked.getLast().context().tenant());
        server.keys.revoke("key-good");
        HttpResponse<String> revoked = ask("good", CHAT, ASK);
        assertEquals("401 invalid_api_key", code(revoked));
        assertTrue(revoked.body().contains("key-good was revoked"), revoked.body());
        assertEquals("401 invalid_api_key", code(ask("", "/v1/models", "")));
        server.keys.forget("key-good");
        assertEquals(200, ask("", CHAT, ASK).statusCode());
    }

    @Test
    void aKeyWhoseTimeIsOverIsRefused() {
        Instant now = TestServer.NOW.instant();
        for (Instant end : List.of(now.plusSeconds(1), now)) {
            make("e" + end.getEpochSecond(), new KeyTerms(Optional.empty(), Optional.empty(), Optional.of(Role.ADMIN),
                    OptionalInt.empty(), OptionalInt.empty(), Optional.of(end)));
        }
        assertEquals(200, ask("e" + now.plusSeconds(1).getEpochSecond(), CHAT, ASK).statusCode());
        assertEquals("401 invalid_api_key", code(ask("e" + now.getEpochSecond(), CHAT, ASK)));
    }

    @Test
    void keysThatCannotBeReadLetNobodyInAndTheFilesKeysStillCount() throws IOException {
        server.keys.unreadable = true;
        assertEquals("503 keys_unreadable", code(ask("", CHAT, ASK)));
        assertEquals("503 keys_unreadable", code(ask("good", CHAT, ASK)));
        server.close();
        Path file = Files.writeString(folder.resolve("keys"), "alice:plain\n");
        server = new TestServer(new Settings(Optional.of(new ApiKeys(file)), false, new Cors(List.of()), 65536, SECOND, SECOND));
        server.keys.unreadable = true;
        assertEquals(200, ask("plain", CHAT, ASK).statusCode());
        assertEquals("503 keys_unreadable", code(ask("other", CHAT, ASK)));
    }

    @Test
    void whereAKeyIsRequiredNobodyComesInBeforeOneIsMade() {
        server.close();
        server = new TestServer(new Settings(Optional.empty(), true, new Cors(List.of()), 65536, SECOND, SECOND));
        assertEquals("401 invalid_api_key", code(ask("", CHAT, ASK)));
        make("good", KeyTerms.CLIENT);
        assertEquals(200, ask("good", CHAT, ASK).statusCode());
    }

    @Test
    void aKeyIsGoodForItsModelsAndListsNoOthers() {
        make("big", scope(Set.of("org/model:v1"), Set.of("chat", "models")));
        HttpResponse<String> other = ask("big", CHAT, ASK);
        assertEquals("403 model_not_allowed", code(other));
        assertEquals("model", Json.read(other.body()).at("/error/param").textValue());
        assertTrue(other.body().contains("\\\"tiny\\\"; it is for org/model:v1"), other.body());
        assertEquals(200, ask("big", CHAT, ASK.replace("tiny", "org/model:v1")).statusCode());
        assertEquals("403 model_not_allowed", code(ask("big", CHAT, ASK.replace("tiny", "nothing"))));
        assertEquals(List.of("org/model:v1"), Json.read(ask("big", "/v1/models", "").body()).findValuesAsText("id"));
        assertEquals("403 model_not_allowed", code(ask("big", "/v1/models/tiny", "")));
        assertEquals(200, ask("big", "/v1/models/org%2Fmodel:v1", "").statusCode());
    }

    @Test
    void aKeyIsGoodForItsEndpoints() {
        make("narrow", scope(Set.of("tiny"), Set.of("completions")));
        HttpResponse<String> chat = ask("narrow", CHAT, ASK);
        assertEquals("403 endpoint_not_allowed", code(chat));
        assertTrue(chat.body().contains("not for chat; it is for completions"), chat.body());
        assertEquals("403 endpoint_not_allowed", code(ask("narrow", "/v1/models", "")));
        assertEquals(200, ask("narrow", "/v1/completions", "{\"model\":\"tiny\",\"prompt\":\"x\"}").statusCode());
        assertEquals("404 not_found", code(ask("narrow", "/v1/nothing", "")));
        assertEquals("404 not_found", code(ask("narrow", "/v1/", "")));
    }

    @Test
    void requestsAreLimitedEvenlyAndTheHeadersTellWhatIsLeft() {
        make("slow", limits(2, 0));
        HttpResponse<String> first = ask("slow", CHAT, ASK);
        assertEquals("2 1 30s", header(first, "x-ratelimit-limit-requests") + " "
                + header(first, "x-ratelimit-remaining-requests") + " " + header(first, "x-ratelimit-reset-requests"));
        assertEquals("none", header(first, "x-ratelimit-limit-tokens"));
        assertEquals(200, ask("slow", "/v1/models", "").statusCode());
        HttpResponse<String> third = ask("slow", CHAT, ASK);
        assertEquals("429 rate_limit_exceeded", code(third));
        assertEquals("rate_limit_error", Json.read(third.body()).at("/error/type").textValue());
        assertTrue(third.body().contains("2 requests a minute"), third.body());
        assertEquals("30 0 1m0s", header(third, "retry-after") + " " + header(third, "x-ratelimit-remaining-requests") + " "
                + header(third, "x-ratelimit-reset-requests"));
        after(Duration.ofMillis(29_999));
        assertEquals("1", header(ask("slow", CHAT, ASK), "retry-after"));
        after(Duration.ofMillis(1));
        assertEquals(200, ask("slow", CHAT, ASK).statusCode());
        make("other", limits(2, 0));
        assertEquals("1", header(ask("other", CHAT, ASK), "x-ratelimit-remaining-requests"), "each key has its own");
        make("slow", limits(5, 0));
        assertEquals("4", header(ask("slow", CHAT, ASK), "x-ratelimit-remaining-requests"), "other limits, counted anew");
    }

    @Test
    void promptsAndAnswersAreTakenFromTheTokensAndADebtIsMadeUpFor() {
        make("poor", limits(0, 12));
        HttpResponse<String> first = ask("poor", CHAT, ASK);
        // A prompt of 7 and an answer of 2.
        assertEquals("12 3 45s", header(first, "x-ratelimit-limit-tokens") + " " + header(first, "x-ratelimit-remaining-tokens")
                + " " + header(first, "x-ratelimit-reset-tokens"));
        assertEquals("none", header(first, "x-ratelimit-limit-requests"));
        assertEquals("0", header(ask("poor", CHAT, ASK), "x-ratelimit-remaining-tokens"));
        HttpResponse<String> third = ask("poor", CHAT, ASK);
        assertEquals("429 rate_limit_exceeded", code(third));
        assertTrue(third.body().contains("12 tokens a minute"), third.body());
        // 6 too many were taken, and one must be there: 7 of 12 a minute.
        assertEquals("35", header(third, "retry-after"));
        assertEquals("200", Integer.toString(ask("poor", "/v1/models", "").statusCode()), "a list takes no tokens");
        after(Duration.ofSeconds(35));
        assertEquals(200, ask("poor", CHAT, ASK).statusCode());
    }

    @Test
    void aPromptCountsOnceForAllItsAnswersAndARefusedOneNotAtAll() {
        make("poor", limits(0, 100));
        ask("poor", CHAT, ASK.replace("{\"model\"", "{\"n\":3,\"model\""));
        assertEquals("87", header(ask("poor", "/v1/models", ""), "x-ratelimit-remaining-tokens"), "7 and three times 2");
        server.controller.play(request -> {
            throw new RequestException(new Failure.Overloaded(SECOND, "full"));
        });
        assertEquals("429 overloaded", code(ask("poor", CHAT, ASK.replace("Hi", "x".repeat(200)))));
        assertEquals("87", header(ask("poor", "/v1/models", ""), "x-ratelimit-remaining-tokens"));
    }

    @Test
    void anAnswerIsTakenAsItGrowsAndARunningStreamOutlivesItsKey() throws Exception {
        make("poor", limits(0, 100));
        server.controller.playOpen(FakeController.started(), FakeController.delta("a"));
        String ask = ASK.replace("{\"model\"", "{\"stream\":true,\"model\"");
        try (Socket socket = new Socket("127.0.0.1", server.port())) {
            socket.setSoTimeout(60_000);
            socket.getOutputStream().write(("POST " + CHAT + " HTTP/1.0\r\nHost: localhost\r\nAuthorization: Bearer poor\r\n"
                    + "Content-Type: application/json\r\nContent-Length: " + ask.length() + "\r\n\r\n" + ask)
                    .getBytes(StandardCharsets.US_ASCII));
            StringBuilder seen = new StringBuilder();
            while (!seen.toString().contains("\"content\":\"a\"")) {
                seen.append((char) socket.getInputStream().read());
            }
            assertEquals("92", header(ask("poor", "/v1/models", ""), "x-ratelimit-remaining-tokens"), "7 and 1 so far");
            server.keys.revoke("key-poor");
            assertEquals(401, ask("poor", "/v1/models", "").statusCode());
            server.controller.played.getLast().send(FakeController.delta("b"));
            server.controller.played.getLast().send(FakeController.finished(2));
            String rest = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertTrue(rest.contains("\"content\":\"b\"") && rest.endsWith("data: [DONE]\n\n"), rest);
        }
    }

    @Test
    void spansOfTimeAreWrittenAsTheProtocolDoes() {
        assertEquals("0ms", Pass.written(Duration.ZERO));
        assertEquals("1ms", Pass.written(Duration.ofNanos(1)));
        assertEquals("999ms", Pass.written(Duration.ofMillis(999)));
        assertEquals("2s", Pass.written(Duration.ofMillis(1001)));
        assertEquals("6m0s", Pass.written(Duration.ofMinutes(6)));
    }

    @Test
    void whereNothingIsWrittenThePromptsTokensAreTakenOnly() {
        server.controller.play(request -> request.limits().maxTokens() > 0 ? FakeController.answer("x")
                : FakeController.answer());
        make("good", limits(0, 100));
        String nothing = "{\"model\":\"tiny\",\"prompt\":\"Hi\",\"max_tokens\":0,\"n\":3}";
        assertEquals("93", header(ask("good", "/v1/completions", nothing), "x-ratelimit-remaining-tokens"));
    }
}
