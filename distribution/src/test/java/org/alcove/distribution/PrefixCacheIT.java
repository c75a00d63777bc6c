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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was computed for a caller once is not computed for that caller again, and others cannot tell that it was. */
class PrefixCacheIT {

    private static final int BLOCK = 64;
    private static final String ONE = "one-key-of-some-length";
    private static final String OTHER = "another-key-of-some-length";

    private final ObjectMapper json = new ObjectMapper();

    @TempDir
    Path folder;

    @Test
    void theTurnsBeforeAreFoundForWhoeverWroteThemAndNobodyElse() throws Exception {
        Path keys = Files.write(folder.resolve("keys"), List.of("one:" + ONE, "other:" + OTHER));
        try (ServerProcess server = ServerProcess.serve(Distribution.home(), folder.resolve("data"), "--name", "demo",
                "--api-keys", keys.toString()); HttpClient client = HttpClient.newHttpClient()) {
            ArrayNode conversation = json.createArrayNode();
            String question = "What is Alcove, and what is a worker? ";
            JsonNode first = ask(client, server, ONE, say(conversation, "user", question.repeat(6)));
            assertEquals(0, found(first));
            say(conversation, "assistant", text(first));
            say(conversation, "user", "And what is a kernel?");
            JsonNode second = ask(client, server, ONE, conversation);
            int before = first.at("/usage/prompt_tokens").intValue();
            assertTrue(found(second) >= before / BLOCK * BLOCK && found(second) % BLOCK == 0 && found(second) > 0,
                    () -> second.get("usage").toString());
            JsonNode foreign = ask(client, server, OTHER, conversation);
            assertEquals(0, found(foreign));
            assertEquals(text(second), text(foreign));
            assertEquals(text(second), text(ask(client, server, ONE, conversation)));
        }
    }

    private static ArrayNode say(ArrayNode conversation, String role, String text) {
        conversation.addObject().put("role", role).put("content", text);
        return conversation;
    }

    private static int found(JsonNode answer) {
        return answer.at("/usage/prompt_tokens_details/cached_tokens").intValue();
    }

    private static String text(JsonNode answer) {
        return answer.at("/choices/0/message/content").textValue();
    }

    private JsonNode ask(HttpClient client, ServerProcess server, String key, ArrayNode conversation)
            throws IOException, InterruptedException {
        ObjectNode body = json.createObjectNode().put("model", "demo").put("temperature", 0).put("max_tokens", 40);
        body.set("messages", conversation);
        HttpResponse<String> response = client.send(HttpRequest.newBuilder(URI.create(server.url() + "/v1/chat/completions"))
                .header("Content-Type", "application/json").header("Authorization", "Bearer " + key)
                .POST(HttpRequest.BodyPublishers.ofString(body.toString())).build(), HttpResponse.BodyHandlers.ofString());
        assertEquals(200, response.statusCode(), response.body());
        return json.readTree(response.body());
    }
}
