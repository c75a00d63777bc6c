package org.alcove.distribution;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The npm {@code openai} client against a server started from the script. */
class NodeClientIT {

    @TempDir
    Path data;

    @Test
    void theOpenaiClientForNodeIsAnsweredStreamingAndNot() throws Exception {
        NodeProject client = NodeProject.installed("node", "the openai client for Node is not tried");
        JsonNode golden = golden();
        String model = Distribution.smallModel().toString();
        try (ServerProcess server = ServerProcess.serve(Distribution.home(), data, "--model", model)) {
            JsonNode result = new ObjectMapper().readTree(client.run("node", "chat.mjs", server.url(), "stories260K"));
            String expected = golden.get("greedy").textValue();
            assertEquals("stories260K", result.at("/models/0").textValue());
            assertEquals(expected, result.at("/completion/text").textValue());
            assertEquals(expected, result.at("/streamedCompletion/text").textValue());
            assertEquals("length", result.at("/completion/finish").textValue());
            assertEquals("length", result.at("/streamedCompletion/finish").textValue());
            assertEquals(64, result.at("/completion/usage/completion_tokens").intValue());
            String chat = result.at("/chat/text").textValue();
            assertTrue(!chat.isEmpty() && expected.startsWith(chat), chat);
            assertEquals(chat, result.at("/streamedChat/text").textValue());
            assertEquals(32, result.at("/streamedChat/usage/completion_tokens").intValue());
            assertEquals(404, result.at("/unknownModel/status").intValue());
            assertEquals("model_not_found", result.at("/unknownModel/code").textValue());
            assertTrue(result.at("/aborted").booleanValue());
        }
    }

    private static JsonNode golden() throws IOException {
        return new ObjectMapper().readTree(Distribution.shared("data/models/stories260K/greedy.json").toFile()).get(0);
    }
}
