package org.alcove.openai;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Limits of fields: what they count, and what is told where they are passed. */
class FieldLimitsTest {

    private static final String EMOJI = "\ud83d\ude00";

    private final TestServer server = new TestServer(TestServer.PLAIN);

    @AfterEach
    void stop() {
        server.close();
    }

    private HttpResponse<String> chat(String fields) {
        return server.post("/v1/chat/completions",
                "{\"model\":\"tiny\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]," + fields + "}");
    }

    private static void assertRefused(HttpResponse<String> response, String code, String param, String message) {
        assertEquals(400, response.statusCode(), response.body());
        assertEquals(code, Json.read(response.body()).at("/error/code").asText(), response.body());
        assertEquals(param, Json.read(response.body()).at("/error/param").asText(), response.body());
        assertTrue(Json.read(response.body()).at("/error/message").asText().contains(message), response.body());
    }

    @Test
    void charactersOutsideTheBasicPlaneCountOnce() {
        assertEquals(200, chat("\"user\":\"" + EMOJI.repeat(512) + "\"").statusCode());
        assertEquals(200, chat("\"stop\":\"" + EMOJI.repeat(1024) + "\"").statusCode());
        assertEquals(200, chat("\"metadata\":{\"" + EMOJI.repeat(64) + "\":\"x\"}").statusCode());
        assertRefused(chat("\"stop\":\"" + EMOJI.repeat(1025) + "\""), "invalid_value", "stop",
                "has 1025 characters, more than 1024");
        assertRefused(chat("\"metadata\":{\"" + EMOJI.repeat(65) + "\":\"x\"}"), "invalid_value", "metadata",
                "a key of 65 characters, more than 64");
    }

    @Test
    void whatIsQuotedIsCutBetweenCharacters() {
        String name = "x".repeat(39) + EMOJI;
        assertRefused(chat("\"" + name + "y\":1"), "unknown_parameter", name + "\u2026", "unknown field");
    }

    @Test
    void aFormatOfTextHasNothingElse() {
        assertEquals(200, chat("\"response_format\":{\"type\":\"text\"}").statusCode());
        assertRefused(chat("\"response_format\":{\"type\":\"text\",\"x\":1}"), "unknown_parameter", "response_format.x",
                "unknown field");
        assertRefused(chat("\"response_format\":{\"type\":\"text\",\"json_schema\":{}}"), "unsupported_parameter",
                "response_format.json_schema", "{\"type\": \"text\"}");
    }

    @Test
    void argumentsOfATemplateAreNestedOnlySoDeep() {
        assertEquals(200, chat("\"chat_template_kwargs\":{\"a\":" + "[".repeat(32) + "]".repeat(32) + "}").statusCode());
        assertRefused(chat("\"chat_template_kwargs\":{\"a\":" + "[".repeat(33) + "]".repeat(33) + "}"), "invalid_value",
                "chat_template_kwargs.a", "nested more than 32 deep");
    }

    @Test
    void aPromptWithoutElementsIsToldTheLimitOfPrompts() {
        assertRefused(server.post("/v1/completions", "{\"model\":\"tiny\",\"prompt\":[]}"), "invalid_value", "prompt",
                "has 0 elements; it must have 1 to 2048");
        assertRefused(server.post("/v1/completions", "{\"model\":\"tiny\",\"prompt\":[" + "\"a\",".repeat(2048) + "\"a\"]}"),
                "invalid_value", "prompt", "has 2049 elements; it must have 1 to 2048");
    }

    @Test
    void anUnknownFieldIsRefusedEvenWhereItIsNull() {
        assertRefused(chat("\"zork\":null"), "unknown_parameter", "zork", "unknown field");
    }
}
