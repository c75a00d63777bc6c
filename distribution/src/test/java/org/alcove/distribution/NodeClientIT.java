package org.alcove.distribution;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The npm {@code openai} client against a server started from the script. */
class NodeClientIT {

    private static final int NODE_SECONDS = 600;

    @TempDir
    Path data;

    @Test
    void theOpenaiClientForNodeIsAnsweredStreamingAndNot() throws Exception {
        Path client = installedClient();
        JsonNode golden = golden();
        String model = Distribution.smallModel().toString();
        try (ServerProcess server = ServerProcess.serve(Distribution.home(), data, "--model", model)) {
            JsonNode result = new ObjectMapper().readTree(run(client, "node", "chat.mjs", server.url(), "stories260K"));
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

    /** Installs the client below {@code target/}; the test is skipped, and says so, where Node or the package cannot be had. */
    private static Path installedClient() throws Exception {
        Path source = Path.of("src", "test", "node");
        Path folder = Files.createDirectories(Path.of("target", "node"));
        for (String file : List.of("package.json", "package-lock.json", ".npmrc", "chat.mjs")) {
            Files.copy(source.resolve(file), folder.resolve(file), StandardCopyOption.REPLACE_EXISTING);
        }
        if (!Files.isDirectory(folder.resolve("node_modules/openai"))) {
            try {
                run(folder, "npm", "ci", "--no-audit", "--no-fund");
            } catch (IOException | AssertionError absent) {
                Assumptions.abort("SKIPPED: the openai client for Node cannot be installed: " + absent.getMessage());
            }
        }
        return folder;
    }

    private static String run(Path folder, String... command) throws IOException, InterruptedException {
        Path out = Files.createTempFile("node", ".out");
        Path err = Files.createTempFile("node", ".err");
        try {
            Process process = new ProcessBuilder(command).directory(folder.toFile()).redirectOutput(out.toFile())
                    .redirectError(err.toFile()).start();
            boolean ended = process.waitFor(NODE_SECONDS, TimeUnit.SECONDS);
            process.destroyForcibly();
            assertTrue(ended && process.exitValue() == 0, () -> String.join(" ", command) + " failed:\n" + read(err));
            return read(out);
        } finally {
            Files.delete(out);
            Files.delete(err);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
