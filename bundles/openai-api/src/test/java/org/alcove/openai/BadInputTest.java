package org.alcove.openai;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Bad bodies, one per line: path, body, status, code, param and a piece of the message. */
class BadInputTest {

    private static final String CHAT = "/v1/chat/completions";
    private static final String TEXT = "/v1/completions";

    private static TestServer server;

    /** A bad request and the error it must get. */
    record Bad(String path, String body, int status, String code, String param, String message) {
        @Override
        public String toString() {
            return path.substring(4) + " " + (body.length() > 80 ? body.substring(0, 80) + "…" : body);
        }
    }

    @BeforeAll
    static void start() {
        server = new TestServer(TestServer.PLAIN);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static Bad chat(String fields, String code, String param, String message) {
        return new Bad(CHAT, "{\"model\":\"tiny\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]," + fields + "}",
                400, code,
                param, message);
    }

    private static Bad text(String fields, String code, String param, String message) {
        return new Bad(TEXT, "{\"model\":\"tiny\"," + fields + "}", 400, code, param, message);
    }

    private static Bad message(String message, String code, String param, String says) {
        return new Bad(CHAT, "{\"model\":\"tiny\",\"messages\":[" + message + "]}", 400, code, param, says);
    }

    private static final String VALUE = "invalid_value";
    private static final String MISSING = "missing_required_parameter";
    private static final String UNSUPPORTED = "unsupported_parameter";

    static final List<Bad> JSON = List.of(
            new Bad(CHAT, "", 400, "empty_body", null, "empty"),
            new Bad(CHAT, "{", 400, "invalid_json", null, "line 1, column 2"),
            new Bad(CHAT, "hello", 400, "invalid_json", null, "not valid JSON"),
            new Bad(CHAT, "[]", 400, "invalid_json", null, "must be a JSON object"),
            new Bad(CHAT, "null", 400, "invalid_json", null, "must be a JSON object"),
            new Bad(CHAT, "{} {}", 400, "invalid_json", null, "not valid JSON"),
            new Bad(CHAT, "{\"model\":\"a\",\"model\":\"b\"}", 400, "invalid_json", null, "Duplicate"),
            new Bad(CHAT, "{'model':'a'}", 400, "invalid_json", null, "not valid JSON"),
            new Bad(CHAT, "{\"a\":NaN}", 400, "invalid_json", null, "not valid JSON"),
            new Bad(CHAT, "{\"a\":" + "[".repeat(100) + "]".repeat(100) + "}", 400, "invalid_json", null, "depth"),
            new Bad(CHAT, "{\"seed\":" + "1".repeat(500) + "}", 400, "invalid_json", null, "Number value length"),
            new Bad(CHAT, "{}", 400, MISSING, "model", "missing field \"model\""),
            new Bad(CHAT, "{\"messages\":[]}", 400, MISSING, "model", "model"),
            new Bad(CHAT, "{\"model\":\"\",\"messages\":[]}", 400, MISSING, "model", "model"),
            new Bad(CHAT, "{\"model\":7}", 400, VALUE, "model", "must be a string, not the number 7"),
            new Bad(CHAT, "{\"model\":\"tiny\"}", 400, MISSING, "messages", "messages"),
            new Bad(TEXT, "{\"model\":\"tiny\"}", 400, MISSING, "prompt", "prompt"));

    static final List<Bad> MESSAGES = List.of(
            message("", VALUE, "messages", "0 elements"),
            message("7", VALUE, "messages[0]", "must be an object"),
            message("{\"content\":\"x\"}", MISSING, "messages[0].role", "role"),
            message("{\"role\":\"user\"}", MISSING, "messages[0].content", "content"),
            message("{\"role\":\"user\",\"content\":null}", MISSING, "messages[0].content", "content"),
            message("{\"role\":\"king\",\"content\":\"x\"}", VALUE, "messages[0].role", "\"king\""),
            message("{\"role\":\"function\",\"content\":\"x\"}", UNSUPPORTED, "messages[0].role", "tool"),
            message("{\"role\":\"user\",\"content\":7}", VALUE, "messages[0].content", "string or a list of parts"),
            message("{\"role\":\"user\",\"content\":[]}", VALUE, "messages[0].content", "0 elements"),
            message("{\"role\":\"user\",\"content\":[{}]}", MISSING, "messages[0].content[0].type", "type"),
            message("{\"role\":\"user\",\"content\":[{\"type\":\"text\"}]}", MISSING, "messages[0].content[0].text", "text"),
            message("{\"role\":\"user\",\"content\":[{\"type\":\"image_url\",\"image_url\":{\"url\":\"x\"}}]}", UNSUPPORTED,
                    "messages[0].content[0].type", "image_url"),
            message("{\"role\":\"user\",\"content\":\"x\",\"name\":\"Bob\"}", UNSUPPORTED, "messages[0].name",
                    "say in the content"),
            message("{\"role\":\"user\",\"content\":\"x\",\"nmae\":\"Bob\"}", "unknown_parameter", "messages[0].nmae",
                    "did you mean \"name\"?"),
            message("{\"role\":\"assistant\",\"tool_calls\":[{}]}", UNSUPPORTED, "messages[0].tool_calls", "tools"),
            message("{\"role\":\"user\",\"content\":\"\\ud800\"}", VALUE, "messages[0].content",
                    "surrogate pair at character 0"));

    static final List<Bad> RANGES = List.of(
            chat("\"temperature\":-0.1", VALUE, "temperature", "from 0 to 2, not the number -0.1"),
            chat("\"temperature\":1e999", VALUE, "temperature", "from 0 to 2"),
            chat("\"temperature\":\"1\"", VALUE, "temperature", "not a string"),
            chat("\"temperature\":true", VALUE, "temperature", "not true"),
            chat("\"top_p\":1.01", VALUE, "top_p", "from 0 to 1"),
            chat("\"top_k\":-2", VALUE, "top_k", "from -1 to"),
            chat("\"min_p\":2", VALUE, "min_p", "from 0 to 1"),
            chat("\"frequency_penalty\":2.5", VALUE, "frequency_penalty", "from -2 to 2"),
            chat("\"presence_penalty\":-3", VALUE, "presence_penalty", "from -2 to 2"),
            chat("\"repetition_penalty\":0", VALUE, "repetition_penalty", "from 0.01 to 10"),
            chat("\"n\":0", VALUE, "n", "from 1 to 128, not the number 0"),
            chat("\"n\":129", VALUE, "n", "from 1 to 128"),
            chat("\"n\":1.5", VALUE, "n", "an integer"),
            chat("\"seed\":9223372036854775808", VALUE, "seed", "an integer from"),
            chat("\"max_tokens\":0", VALUE, "max_tokens", "from 1 to"),
            chat("\"max_tokens\":2147483648", VALUE, "max_tokens", "from 1 to"),
            chat("\"max_completion_tokens\":-1", VALUE, "max_completion_tokens", "from 1 to"),
            chat("\"max_tokens\":4,\"min_tokens\":5", VALUE, "min_tokens", "5, more than max_tokens, which is 4"),
            chat("\"logprobs\":1", VALUE, "logprobs", "true or false"),
            chat("\"top_logprobs\":2", VALUE, "top_logprobs", "where logprobs is true"),
            chat("\"logprobs\":true,\"top_logprobs\":21", VALUE, "top_logprobs", "from 0 to 20"),
            chat("\"logit_bias\":{\"x\":1}", VALUE, "logit_bias", "\"x\""),
            chat("\"logit_bias\":{\"1\":101}", VALUE, "logit_bias.1", "from -100 to 100"),
            chat("\"logit_bias\":{\"1000\":1}", VALUE, "logit_bias", "from 0 to 999"),
            chat("\"stop\":\"\"", VALUE, "stop", "empty"),
            chat("\"stop\":[1]", VALUE, "stop[0]", "a string"),
            chat("\"stop\":[" + "\"a\",".repeat(64) + "\"a\"]", VALUE, "stop", "65 elements"),
            chat("\"stop_token_ids\":[-1]", VALUE, "stop_token_ids[0]", "an integer"),
            chat("\"stop_token_ids\":[5000]", VALUE, "stop_token_ids", "5000"),
            chat("\"stream\":\"yes\"", VALUE, "stream", "true or false"),
            chat("\"stream_options\":{\"include_usage\":true}", VALUE, "stream_options", "where stream is true"),
            chat("\"stream\":true,\"stream_options\":{\"include_usag\":true}", "unknown_parameter", "stream_options.include_usag",
                    "did you mean \"include_usage\"?"),
            chat("\"metadata\":{\"a\":1}", VALUE, "metadata.a", "a string"),
            chat("\"safety_identifier\":\"" + "x".repeat(65) + "\"", VALUE, "safety_identifier", "more than 64"),
            chat("\"reasoning_effort\":\"huge\"", VALUE, "reasoning_effort", "\"huge\""),
            chat("\"chat_template_kwargs\":{\"messages\":[]}", VALUE, "chat_template_kwargs.messages", "given by the server"),
            text("\"prompt\":[]", VALUE, "prompt", "0 elements"),
            text("\"prompt\":[\"a\",1]", VALUE, "prompt[1]", "a string like the first prompt"),
            text("\"prompt\":[[1],[]]", VALUE, "prompt[1]", "0 elements"),
            text("\"prompt\":[[1],[-1]]", VALUE, "prompt[1][0]", "an integer"),
            text("\"prompt\":[1000]", VALUE, "prompt", "token id 1000; the model tiny has ids from 0 to 999"),
            text("\"prompt\":[[1,2],[1,1000]]", VALUE, "prompt[1]", "prompt[1] has the token id 1000"),
            text("\"prompt\":\"x\",\"max_tokens\":0,\"min_tokens\":5", VALUE, "min_tokens",
                    "5, more than max_tokens, which is 0"),
            text("\"prompt\":{}", VALUE, "prompt", "a list of token ids"),
            text("\"prompt\":\"x\",\"logprobs\":6", VALUE, "logprobs", "from 0 to 5"),
            text("\"prompt\":\"x\",\"logprobs\":true", VALUE, "logprobs", "not true"),
            text("\"prompt\":\"x\",\"max_tokens\":-1", VALUE, "max_tokens", "from 0 to"),
            text("\"prompt\":[" + "\"a\",".repeat(99) + "\"a\"],\"n\":128", VALUE, "n", "12800 choices, more than 2048"));

    static final List<Bad> REFUSED = List.of(
            chat("\"temprature\":1", "unknown_parameter", "temprature", "did you mean \"temperature\"?"),
            chat("\"mirostat\":1", "unknown_parameter", "mirostat", "unknown field \"mirostat\""),
            chat("\"tools\":[{}]", UNSUPPORTED, "tools", "does not call tools"),
            chat("\"tool_choice\":\"auto\"", UNSUPPORTED, "tool_choice", "does not call tools"),
            chat("\"functions\":[{}]", UNSUPPORTED, "functions", "does not call tools"),
            chat("\"function_call\":{\"name\":\"f\"}", UNSUPPORTED, "function_call", "does not call tools"),
            chat("\"response_format\":{\"type\":\"json_object\"}", UNSUPPORTED, "response_format", "{\"type\": \"text\"}"),
            chat("\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{}}", UNSUPPORTED, "response_format", "text"),
            chat("\"modalities\":[\"text\",\"audio\"]", UNSUPPORTED, "modalities", "answers are text"),
            chat("\"audio\":{}", UNSUPPORTED, "audio", "answers are text"),
            chat("\"prediction\":{}", UNSUPPORTED, "prediction", "not used"),
            chat("\"web_search_options\":{}", UNSUPPORTED, "web_search_options", "web"),
            chat("\"moderation\":{}", UNSUPPORTED, "moderation", "moderate"),
            chat("\"store\":true", UNSUPPORTED, "store", "not stored"),
            chat("\"service_tier\":\"priority\"", UNSUPPORTED, "service_tier", "one tier"),
            chat("\"verbosity\":\"low\"", UNSUPPORTED, "verbosity", "message"),
            chat("\"prompt_cache_retention\":\"24h\"", UNSUPPORTED, "prompt_cache_retention", "memory"),
            chat("\"prompt_cache_options\":{}", UNSUPPORTED, "prompt_cache_options", "cache"),
            chat("\"enable_thinking\":true", UNSUPPORTED, "enable_thinking", "chat_template_kwargs"),
            chat("\"stream\":true,\"stream_options\":{\"include_obfuscation\":true}", UNSUPPORTED,
                    "stream_options.include_obfuscation", "not padded"),
            text("\"prompt\":\"x\",\"suffix\":\"y\"", UNSUPPORTED, "suffix", "middle"),
            text("\"prompt\":\"x\",\"best_of\":3", UNSUPPORTED, "best_of", "best_of is 3 and n is 1"),
            text("\"prompt\":\"x\",\"n\":3,\"best_of\":2", VALUE, "best_of", "less than n"),
            text("\"prompt\":\"x\",\"max_completion_tokens\":3", UNSUPPORTED, "max_completion_tokens", "max_tokens"),
            text("\"messages\":[]", UNSUPPORTED, "messages", "/v1/chat/completions"));

    static Stream<Bad> all() {
        return Stream.of(JSON, MESSAGES, RANGES, REFUSED).flatMap(List::stream);
    }

    @ParameterizedTest
    @MethodSource("all")
    void aBadBodyIsRefusedByName(Bad bad) {
        HttpResponse<String> response = server.post(bad.path(), bad.body());
        check(response, bad);
    }

    private static void check(HttpResponse<String> response, Bad bad) {
        assertEquals(bad.status(), response.statusCode(), response.body());
        JsonNode error = Json.read(response.body()).get("error");
        assertEquals("invalid_request_error", error.get("type").textValue());
        assertEquals(bad.code(), error.get("code").textValue(), response.body());
        assertEquals(bad.param(), error.get("param").textValue(), response.body());
        assertTrue(error.get("message").textValue().contains(bad.message()), response.body());
        assertTrue(error.size() == 4 && response.headers().firstValue("x-request-id").isPresent());
    }

    /** A request whose method, path or headers are wrong. */
    record Wrong(String method, String path, String type, String header, byte[] body, Bad error) {
        @Override
        public String toString() {
            return method + " " + path + " " + type + " " + header;
        }
    }

    private static Wrong wrong(String method, String path, String type, String header, Bad error) {
        return new Wrong(method, path, type, header, "{}".getBytes(StandardCharsets.UTF_8), error);
    }

    private static Bad status(int status, String code, String message) {
        return new Bad(CHAT, "", status, code, null, message);
    }

    static final List<Wrong> DOORS = List.of(
            wrong("GET", "/v1/nothing", null, null, status(404, "not_found", "/v1/chat/completions")),
            wrong("POST", "/v1/embeddings", "application/json", null, status(404, "not_found", "/v1/embeddings")),
            wrong("GET", "/v1", null, null, status(404, "not_found", "/v1/models")),
            wrong("GET", "/v1/models/", null, null, status(404, "not_found", "/v1/models/")),
            wrong("GET", "/v1/models/none", null, null, new Bad(CHAT, "", 404, "model_not_found", "model", "\"none\"")),
            wrong("GET", CHAT, null, null, status(405, "method_not_allowed", "use POST")),
            wrong("DELETE", "/v1/models/tiny", null, null, status(405, "method_not_allowed", "use GET, HEAD")),
            wrong("POST", "/v1/models", "application/json", null, status(405, "method_not_allowed", "use GET, HEAD")),
            wrong("POST", CHAT, null, null, status(415, "unsupported_content_type", "missing")),
            wrong("POST", CHAT, "text/plain", null, status(415, "unsupported_content_type", "text/plain")),
            wrong("POST", CHAT, "application/x-www-form-urlencoded", null, status(415, "unsupported_content_type", "urlencoded")),
            wrong("POST", CHAT, "application/json; charset=latin1", null, status(415, "unsupported_content_type", "UTF-8")),
            wrong("POST", CHAT, "application/json", "Content-Encoding: gzip", status(415, "unsupported_encoding", "gzip")),
            wrong("POST", CHAT, "application/json", "X-Client-Request-Id: a b",
                    new Bad(CHAT, "", 400, VALUE, "X-Client-Request-Id", "ASCII")),
            new Wrong("POST", CHAT, "application/json", null, new byte[64 * 1024 + 1],
                    status(413, "body_too_large", "has 65537 bytes; at most 65536")),
            new Wrong("POST", CHAT, "application/json", null, new byte[] {'{', '"', (byte) 0xff, '"', ':', '1', '}'},
                    status(400, "invalid_utf8", "UTF-8")));

    @ParameterizedTest
    @FieldSource("DOORS")
    void aWrongPathMethodOrHeaderIsRefused(Wrong wrong) {
        HttpRequest.Builder request = server.request(wrong.path());
        request.method(wrong.method(), wrong.method().equals("GET") ? HttpRequest.BodyPublishers.noBody()
                : HttpRequest.BodyPublishers.ofByteArray(wrong.body()));
        if (wrong.type() != null) {
            request.header("Content-Type", wrong.type());
        }
        if (wrong.header() != null) {
            request.header(wrong.header().split(": ")[0], wrong.header().split(": ")[1]);
        }
        HttpResponse<String> response = server.send(request.build());
        check(response, wrong.error());
        if (wrong.error().status() == 405) {
            assertEquals(wrong.path().equals(CHAT) ? "POST" : "GET, HEAD", response.headers().firstValue("Allow").orElse(""));
        }
    }

    @Test
    void onlyABodyThatWasNotReadEndsTheConnection() {
        HttpRequest unread = server.request(CHAT).header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(new byte[64 * 1024 + 1])).build();
        assertEquals("close", server.send(unread).headers().firstValue("Connection").orElse(""));
        assertEquals("", server.post(CHAT, "[]").headers().firstValue("Connection").orElse(""));
        assertEquals("", server.get("/v1/models/none").headers().firstValue("Connection").orElse(""));
    }

    @Test
    void aBodyOfUnknownLengthIsMeasuredWhileItIsRead() {
        byte[] large = new byte[200_000];
        HttpRequest request = server.request(CHAT).header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(large))).build();
        check(server.send(request), status(413, "body_too_large", "has more bytes; at most 65536"));
    }

    @Test
    void aBodyThatBreaksOffIsAnError() throws IOException {
        try (Socket socket = new Socket("127.0.0.1", server.port())) {
            socket.setSoTimeout(60_000);
            socket.getOutputStream().write(("POST " + CHAT + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                    + "Content-Length: 100\r\n\r\n{\"model\"").getBytes(StandardCharsets.US_ASCII));
            socket.shutdownOutput();
            String response = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertTrue(response.startsWith("HTTP/1.1 400") && response.contains("body_incomplete"), response);
        }
    }

    @Test
    void nothingOfABadRequestReachesTheController() {
        assertTrue(server.controller.asked.isEmpty(), "asked: " + server.controller.asked.size());
    }
}
