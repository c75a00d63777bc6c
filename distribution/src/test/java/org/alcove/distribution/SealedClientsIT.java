package org.alcove.distribution;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Clients that verify first, in front of real servers: {@code connect} with two of them, one of which is killed in the middle of
 * an answer, and the documented program with no more than the documented jars. Mock evidence, which the policy allows, because
 * real evidence takes a machine with TDX.
 */
class SealedClientsIT {

    private static final String CANARY = "zqxsealedcanaryvjk";
    private static final String MEASURES = "\"measurements\":{\"mr_td\":\"any\",\"rtmr_0\":\"any\",\"rtmr_1\":\"any\","
            + "\"rtmr_2\":\"any\",\"rtmr_3\":\"any\",\"mr_config_id\":\"any\"}}";
    private static final Pattern COMMANDS = Pattern.compile("```sh\\nexport ALCOVE=.*?\\n(.*?)(java -cp .*?)```", Pattern.DOTALL);
    private static final Duration LIMIT = Duration.ofSeconds(300);
    private static final long POLL_NANOS = 50_000_000;

    @TempDir
    Path folder;
    private final HttpClient client = HttpClient.newHttpClient();
    private final List<ServerProcess> processes = new ArrayList<>();

    @AfterEach
    void stop() {
        processes.reversed().forEach(ServerProcess::kill);
        client.close();
    }

    private ServerProcess launch(String role, List<String> first, String... flags) throws IOException {
        List<String> all = new ArrayList<>(first);
        all.addAll(List.of("--port", "0", "--data", folder.resolve("data-" + processes.size()).toString()));
        all.addAll(List.of(flags));
        ServerProcess process = ServerProcess.launch(Distribution.home(), role,
                Map.of("ALCOVE_JAVA_FLAGS", "-Dalcove.connect.verify_seconds=2"), all);
        processes.add(process);
        return process;
    }

    private ServerProcess serve() throws IOException {
        return launch("serve", List.of(), "--evidence", "mock", "--model", Distribution.smallModel().toString(),
                "--max-tokens-per-second", "40");
    }

    private String policy(String fields) throws IOException {
        return Files.writeString(Files.createTempFile(folder, "policy", ".json"), "{\"version\":1," + fields + MEASURES)
                .toString();
    }

    private HttpRequest chat(String url, boolean stream) {
        return HttpRequest.newBuilder(URI.create(url + "/v1/chat/completions")).timeout(LIMIT)
                .header("Content-Type", "application/json").POST(HttpRequest.BodyPublishers.ofString(
                        "{\"model\":\"stories260K\",\"max_tokens\":150,\"temperature\":0,\"stream\":" + stream
                        + ",\"messages\":[{\"role\":\"user\",\"content\":\"" + CANARY + "\"}]}")).build();
    }

    private String whole(String url) throws Exception {
        HttpResponse<String> answer = client.send(chat(url, false), HttpResponse.BodyHandlers.ofString());
        assertEquals(200, answer.statusCode(), answer.body());
        return new ObjectMapper().readTree(answer.body()).at("/choices/0/message/content").textValue();
    }

    private void awaitVerdict(ServerProcess connect, String words) throws Exception {
        long due = System.nanoTime() + LIMIT.toNanos();
        String told = "";
        while (!told.contains(words)) {
            assertTrue(System.nanoTime() < due, told + connect.output());
            LockSupport.parkNanos(POLL_NANOS);
            told = client.send(HttpRequest.newBuilder(URI.create(connect.url() + "/connect/verdict")).build(),
                    HttpResponse.BodyHandlers.ofString()).body();
        }
    }

    @Test
    void anAnswerWhoseServerIsKilledGoesOnSealedAtAnotherVerifiedAddress() throws Exception {
        ServerProcess one = serve().awaitReady();
        ServerProcess other = serve().awaitReady();
        String policy = policy("\"allow_mock\":true,");
        try (Tap toOne = new Tap(one.url()); Tap toOther = new Tap(other.url())) {
            ServerProcess connect = launch("connect", List.of(toOne.url(), toOther.url()), "--policy", policy).awaitReady();
            awaitVerdict(connect, toOne.url() + ": worker");
            awaitVerdict(connect, toOther.url() + ": worker");
            HttpResponse<InputStream> streamed = client.send(chat(connect.url(), true),
                    HttpResponse.BodyHandlers.ofInputStream());
            StringBuilder text = new StringBuilder();
            boolean killed = false;
            try (BufferedReader lines = new BufferedReader(new InputStreamReader(streamed.body(), StandardCharsets.UTF_8))) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    if (line.startsWith("data: {")) {
                        text.append(new ObjectMapper().readTree(line.substring(6)).at("/choices/0/delta/content").asText(""));
                    }
                    if (!killed && text.length() > 20) {
                        killed = true;
                        (toOne.heard().contains("sealed_body") ? one : other).kill();
                    }
                }
            }
            assertTrue(toOne.heard().contains("sealed_body") && toOther.heard().contains("sealed_body"), connect.output());
            assertEquals(whole(connect.url()), text.toString());
            assertFalse((toOne.heard() + toOther.heard()).contains(CANARY), "in the clear");
            assertFalse((toOne.heard() + toOther.heard()).contains(text.substring(0, 15)), "in the clear");
        }
    }

    @Test
    void theDocumentedProgramAsksWithTheDocumentedJarsAlone() throws Exception {
        ServerProcess server = serve().awaitReady();
        Path root = Path.of(System.getProperty("alcove.root"));
        Matcher commands = COMMANDS.matcher(Files.readString(root.resolve("docs/attestation.md")));
        assertTrue(commands.find(), "attestation.md has no commands from 'export ALCOVE=' to 'java -cp'");
        String program = folder.resolve("ask").toString();
        String build = commands.group(1).replace("/tmp/ask", program);
        String documented = commands.group(2).replace("/tmp/ask", program).replace("collateral/", "''")
                .replace("MODEL", "stories260K");
        try (Tap tap = new Tap(server.url())) {
            String ask = documented.replaceFirst("https://\\S+", tap.url());
            assertEquals(0, run(root, build + ask.replace("policy.json", policy("\"allow_mock\":true,"))), this::said);
            assertTrue(said().contains(tap.url() + " is verified") && said().lines().count() > 1, this::said);
            assertTrue(tap.heard().contains("sealed_body"), tap.heard());
            assertFalse(tap.heard().contains("TDX?"), "in the clear");
        }
        try (Tap tap = new Tap(server.url())) {
            String ask = documented.replaceFirst("https://\\S+", tap.url());
            assertNotEquals(0, run(root, build + ask.replace("policy.json", policy(""))), this::said);
            assertTrue(said().contains("is refused: ") && said().contains("nothing was sent"), this::said);
            assertFalse(tap.heard().contains("sealed_body"), tap.heard());
        }
    }

    private int run(Path root, String script) throws Exception {
        ProcessBuilder builder = new ProcessBuilder("bash", "-e", "-c", script).directory(root.toFile()).redirectErrorStream(true)
                .redirectOutput(folder.resolve("said").toFile());
        builder.environment().put("ALCOVE", Distribution.home().toString());
        builder.environment().merge("PATH", System.getProperty("java.home") + "/bin", (path, java) -> java + ":" + path);
        Process process = builder.start();
        assertTrue(process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS), this::said);
        return process.exitValue();
    }

    private String said() {
        try {
            return Files.readString(folder.resolve("said"));
        } catch (IOException e) {
            return e.toString();
        }
    }
}
