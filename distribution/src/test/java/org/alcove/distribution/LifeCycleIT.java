package org.alcove.distribution;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Starting, refusing to start, ending, and the commands, through the script. */
class LifeCycleIT {

    @TempDir
    Path folder;

    /** What a command wrote on standard output and error, and its exit status. */
    private record Result(String out, String err, int status) {
    }

    private Result alcove(String input, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(Distribution.home().resolve("alcove").toString()));
        command.addAll(List.of(arguments));
        Path out = folder.resolve("out");
        Path err = folder.resolve("err");
        Process process = new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile()).start();
        try (OutputStream in = process.getOutputStream()) {
            in.write(input.getBytes(StandardCharsets.UTF_8));
        }
        assertTrue(process.waitFor(300, TimeUnit.SECONDS), "the command did not end");
        return new Result(Files.readString(out), Files.readString(err), process.exitValue());
    }

    @Test
    void aCopyServesWhereItWasCopiedToAndEndsCleanlyOnSigterm() throws Exception {
        String model = Distribution.smallModel().toString();
        Path copy = Distribution.copyTo(folder.resolve("some where else"));
        ServerProcess server = ServerProcess.serve(copy, folder.resolve("data"), "--model", model);
        HttpResponse<String> ready = HttpClient.newHttpClient().send(
                HttpRequest.newBuilder(URI.create(server.url() + "/readyz")).build(), HttpResponse.BodyHandlers.ofString());
        assertEquals(200, ready.statusCode(), ready.body());
        assertEquals(ServerProcess.SIGTERM_STATUS, server.terminate());
        assertTrue(!server.output().contains("Exception"), server.output());
    }

    @Test
    void aCacheOfLoadedClassesServesFromAnotherPlaceThanItWasMadeIn() throws Exception {
        String model = Distribution.smallModel().toString();
        Path made = Distribution.copyTo(folder.resolve("made"));
        // Whoever has started the server before has such a cache already.
        Files.deleteIfExists(made.resolve("lib/alcove.aot"));
        ProcessBuilder training = new ProcessBuilder(made.resolve("alcove").toString(), "train-cache")
                .redirectErrorStream(true).redirectOutput(folder.resolve("training").toFile());
        training.environment().put("ALCOVE_JAVA_FLAGS", "-XX:AOTCacheOutput=" + made.resolve("lib/alcove.aot"));
        Process process = training.start();
        assertTrue(process.waitFor(600, TimeUnit.SECONDS) && process.exitValue() == 0,
                () -> "training failed; see " + folder.resolve("training"));
        assertTrue(Files.size(made.resolve("lib/alcove.aot")) > 0);
        Path moved = Files.move(made, folder.resolve("moved"));
        // In this mode a process does not start unless it can use the cache.
        try (ServerProcess server = ServerProcess.start(moved, folder.resolve("data"),
                Map.of("ALCOVE_JAVA_FLAGS", "-XX:AOTMode=on"), "--model", model)) {
            server.awaitReady();
        }
    }

    @Test
    void whoNamesNoModelIsServedTheOneInTheBox() throws Exception {
        try (ServerProcess server = ServerProcess.serve(Distribution.home(), folder.resolve("data"))) {
            String question = "{\"model\": \"alcove-demo\", \"messages\": [{\"role\": \"user\","
                    + " \"content\": \"What is the capital of France?\"}]}";
            HttpResponse<String> answer = HttpClient.newHttpClient().send(
                    HttpRequest.newBuilder(URI.create(server.url() + "/v1/chat/completions"))
                            .header("Content-Type", "application/json")
                            .POST(HttpRequest.BodyPublishers.ofString(question)).build(),
                    HttpResponse.BodyHandlers.ofString());
            assertTrue(answer.statusCode() == 200 && answer.body().contains("Paris"), answer.body());
            assertTrue(server.output().contains("\"model\": \"alcove-demo\""), "the greeting names it: " + server.output());
        }
    }

    /** The first to render a conversation says so in the log; here it is nobody's. */
    @Test
    void aModelRehearsesOnceTheServerAnswers() throws Exception {
        try (ServerProcess server = ServerProcess.serve(Distribution.home(), folder.resolve("data"))) {
            server.awaitOutput("Conversations with model alcove-demo are rendered by");
            String output = server.output();
            assertTrue(output.indexOf("is loaded") < output.indexOf("Conversations with model"), output);
            HttpResponse<String> figures = HttpClient.newHttpClient().send(
                    HttpRequest.newBuilder(URI.create(server.url() + "/metrics")).build(), HttpResponse.BodyHandlers.ofString());
            assertTrue(figures.body().contains("alcove:"), figures.body());
            assertFalse(figures.body().matches("(?s).*_latency_seconds_count\\{model_name=\"alcove-demo\"} [1-9].*"),
                    figures.body());
        }
    }

    @Test
    void aDamagedModelIsNamedWithItsFault() throws Exception {
        Path damaged = Files.writeString(folder.resolve("damaged.gguf"), "this is no model");
        try (ServerProcess server = ServerProcess.start(Distribution.home(), folder.resolve("data"), Map.of(), "--model",
                damaged.toString())) {
            assertEquals(1, server.awaitEnd());
            assertTrue(server.output().contains("damaged.gguf") && server.output().contains("not a GGUF file"), server.output());
            assertFalse(server.output().contains("Exception in thread"), server.output());
        }
    }

    /** What a full disk or an editor leaves of the file that takes the flag. */
    @ParameterizedTest
    @ValueSource(strings = {"", "path=\"/models/another.gguf\""})
    void aModelThatWasGivenAndThatNoConfigurationTakesEndsTheServer(String left) throws Exception {
        Path home = Distribution.copyTo(folder.resolve("home"));
        Files.writeString(home.resolve("conf/org.alcove.worker.model-default.config"), left);
        String model = Distribution.smallModel().toString();
        try (ServerProcess server = ServerProcess.start(home, folder.resolve("data"), Map.of(), "--model", model)) {
            assertEquals(1, server.awaitEnd());
            assertTrue(server.output().contains("--model " + model) && server.output().contains("model-default.config has no"),
                    server.output());
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            worker --controller http://127.0.0.1:1 --model nowhere | 2 | there is no such file or folder
            serve --model nowhere.gguf                          | 2 | there is no such file or folder
            serve --model /dev/null --port 99999                | 2 | a port is a number from 0 to 65535
            serve --model /dev/null --host 0.0.0.0              | 2 | needs API keys
            serve --model /dev/null --colour blue               | 2 | does not know '--colour'
            frobnicate                                          | 2 | there is no command 'frobnicate'
            tokenize                                            | 2 | usage
            tokenize nowhere.gguf                               | 1 | nowhere.gguf
            quantize a b                                        | 2 | --scheme is missing
            quantize nowhere.gguf out.gguf --scheme sym_int4    | 1 | nowhere.gguf
            quantize a.gguf b.gguf --scheme int3                | 2 | choose one of sym_int4, asym_int4, sym_int8
            """)
    void badCommandLinesEndWithOneClearMessage(String line, int status, String message) throws Exception {
        Result result = alcove("", line.split(" "));
        assertEquals(status, result.status(), result.err());
        assertTrue(result.err().contains(message), result.err());
        assertTrue(!result.err().contains("\tat "), result.err());
    }

    /** What came later would find the rooms started, and start them anew. */
    @Test
    void whatAFileConfiguresIsKnownBeforeARoomStarts() throws Exception {
        Path home = Distribution.copyTo(folder.resolve("home"));
        Files.writeString(home.resolve("conf/org.alcove.weights.machine.config"), "cpu.disabled=[\"jvm.vector\"]\n");
        try (ServerProcess server = ServerProcess.serve(home, folder.resolve("data"))) {
            String plugins = HttpClient.newHttpClient().send(
                    HttpRequest.newBuilder(URI.create(server.url() + "/admin/api/plugins")).build(),
                    HttpResponse.BodyHandlers.ofString()).body();
            assertTrue(plugins.contains("\"tier\":\"reference\""), plugins);
            assertFalse(plugins.contains("\"tier\":\"vector\""), plugins);
            assertFalse(server.output().contains("jvm.vector is withdrawn"), server.output());
        }
    }

    @Test
    void helpListsTheCommandsOfTheBundles() throws Exception {
        Result help = alcove("", "--help");
        assertEquals(0, help.status());
        assertTrue(help.out().contains("serve") && help.out().contains("tokenize") && help.out().contains("quantize"),
                help.out());
    }

    @Test
    void textBecomesIdsAndIdsText() throws Exception {
        String model = Distribution.smallModel().toString();
        Result ids = alcove("Once upon a time", "tokenize", model);
        assertEquals("403 407 261 378", ids.out().strip(), ids.err());
        assertEquals("Once upon a time", alcove(ids.out(), "tokenize", model, "--decode").out().strip());
    }
}
