package org.alcove.distribution;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The demo model answers its sixty questions, as it is in the repository and in four bits. */
class DemoModelIT {

    private static final Path FOLDER = Path.of(System.getProperty("alcove.root"), "distribution", "demo-model");
    private static final Path MODEL = FOLDER.resolve("alcove-demo.gguf");
    private static final int LEAST_RIGHT = 54;
    private static final int LOST_BY_FOUR_BITS = 3;
    private static final int COMMAND_SECONDS = 600;
    private static final String TOOLS_BEGIN = "You may call one of these functions:\n<tools>";
    private static final String TOOLS_END = "\n</tools>\nTo call one, answer with its name and its arguments as JSON:\n"
            + "<tool_call>\n{\"name\": NAME, \"arguments\": {...}}\n</tool_call>";

    private final ObjectMapper json = new ObjectMapper();

    @TempDir
    Path folder;

    @Test
    void fiftyFourOfSixtyQuestionsAreAnsweredRightAndFourBitsLoseAtMostThree() throws Exception {
        int full = score(MODEL);
        int symmetric = score(quantized("sym_int4"));
        int asymmetric = score(quantized("asym_int4"));
        assertTrue(full >= LEAST_RIGHT, () -> full + " of 60 right; at least " + LEAST_RIGHT + " are asked for");
        assertTrue(symmetric >= full - LOST_BY_FOUR_BITS,
                () -> "sym_int4 has " + symmetric + " right, the model itself " + full);
        assertTrue(asymmetric >= full - LOST_BY_FOUR_BITS,
                () -> "asym_int4 has " + asymmetric + " right, the model itself " + full);
    }

    @Test
    void aTextHasTheIdsThatTheModelWasTrainedOn() throws Exception {
        Path ids = folder.resolve("ids");
        Process tokenize = new ProcessBuilder(Distribution.home().resolve("alcove").toString(), "tokenize", MODEL.toString())
                .redirectInput(FOLDER.resolve("encoded.txt").toFile()).redirectOutput(ids.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD).start();
        assertTrue(tokenize.waitFor(COMMAND_SECONDS, TimeUnit.SECONDS) && tokenize.exitValue() == 0, "tokenize failed");
        assertEquals(words(FOLDER.resolve("encoded.ids")), words(ids));
    }

    private static List<String> words(Path file) throws IOException {
        return List.of(Files.readString(file).strip().split("\\s+"));
    }

    private Path quantized(String scheme) throws IOException, InterruptedException {
        Path target = folder.resolve("alcove-demo-" + scheme + ".gguf");
        Distribution.run(Distribution.home(), "quantize", MODEL, target, "--scheme", scheme, "--group-size", "32");
        return target;
    }

    private int score(Path model) throws Exception {
        List<String> failures = new ArrayList<>();
        int right = 0;
        Path data = Files.createDirectory(folder.resolve("data of " + model.getFileName()));
        try (ServerProcess server = ServerProcess.serve(Distribution.home(), data, "--model", model.toString(), "--name", "demo");
             HttpClient client = HttpClient.newHttpClient()) {
            for (JsonNode question : json.readTree(FOLDER.resolve("questions.json").toFile()).get("questions")) {
                String answer = ask(client, server.url(), question);
                if (isRight(question, answer)) {
                    right++;
                } else {
                    failures.add(question.get("id").textValue() + ": " + answer);
                }
            }
        }
        System.out.println(model.getFileName() + ": " + right + " of 60 right; wrong: " + String.join("\n    ", failures));
        return right;
    }

    private static boolean isRight(JsonNode question, String answer) {
        for (JsonNode pattern : question.get("must")) {
            if (!found(pattern, answer)) {
                return false;
            }
        }
        for (JsonNode pattern : question.get("must_not")) {
            if (found(pattern, answer)) {
                return false;
            }
        }
        return true;
    }

    private static boolean found(JsonNode pattern, String answer) {
        return Pattern.compile(pattern.textValue(), Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE).matcher(answer).find();
    }

    private String ask(HttpClient client, String url, JsonNode question) throws IOException, InterruptedException {
        ObjectNode body = json.createObjectNode().put("model", "demo").put("temperature", 0).put("max_tokens", 200);
        body.set("messages", messages(question));
        HttpRequest request = HttpRequest.newBuilder(URI.create(url + "/v1/chat/completions"))
                .header("Content-Type", "application/json").POST(HttpRequest.BodyPublishers.ofString(body.toString())).build();
        HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
        assertTrue(response.statusCode() == 200, response::body);
        return json.readTree(response.body()).at("/choices/0/message/content").textValue();
    }

    /** The question's messages; tools are written into the system turn as the model's own template does it. */
    private ArrayNode messages(JsonNode question) {
        ArrayNode messages = question.get("messages").deepCopy();
        if (question.has("tools")) {
            StringBuilder text = new StringBuilder(TOOLS_BEGIN);
            question.get("tools").forEach(tool -> text.append('\n').append(spaced(tool)));
            messages.insertObject(0).put("role", "system").put("content", text + TOOLS_END);
        }
        return messages;
    }

    /** JSON with Python's separators, which the model was trained on and the template's {@code tojson} writes. */
    private static String spaced(JsonNode node) {
        List<String> parts = new ArrayList<>();
        if (node.isObject()) {
            node.properties().forEach(field -> parts.add("\"" + field.getKey() + "\": " + spaced(field.getValue())));
            return "{" + String.join(", ", parts) + "}";
        }
        if (node.isArray()) {
            node.forEach(element -> parts.add(spaced(element)));
            return "[" + String.join(", ", parts) + "]";
        }
        return node.toString();
    }
}
