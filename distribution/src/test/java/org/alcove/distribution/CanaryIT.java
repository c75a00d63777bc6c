package org.alcove.distribution;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
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
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Canaries: words that occur in prompts and nowhere else, and the words that were answered. After all that goes well and all that
 * goes wrong none of them may be in anything that outlives a request: the log at its finest, figures, what the administration
 * tells, a dump of all threads, the data folder, the folder for temporary files, or what a crash leaves behind.
 */
class CanaryIT {

    private static final String CANARY = "zqxcanaryvjk";
    private static final String ADMIN = "the-key-of-who-administers";
    private static final Duration LIMIT = Duration.ofSeconds(300);

    @TempDir
    Path folder;
    private final HttpClient client = HttpClient.newHttpClient();
    private final List<String> words = new ArrayList<>(List.of(CANARY));
    private ServerProcess server;
    private Path temporary;

    @BeforeEach
    void serve() throws IOException {
        temporary = Files.createDirectories(folder.resolve("tmp"));
        server = ServerProcess.start(Distribution.home(), folder.resolve("data"), Map.of("ALCOVE_LOG", "TRACE",
                "ALCOVE_JAVA_FLAGS", "-Djava.io.tmpdir=" + temporary), "--admin-keys",
                Files.writeString(folder.resolve("admins"), "root:" + ADMIN + "\n").toString()).awaitReady();
    }

    @AfterEach
    void stop() {
        if (server != null) {
            server.close();
        }
    }

    private HttpResponse<String> post(String path, String body) throws Exception {
        return client.send(HttpRequest.newBuilder(URI.create(server.url() + path)).timeout(LIMIT)
                .header("Content-Type", "application/json").POST(HttpRequest.BodyPublishers.ofString(body)).build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private String get(String path) throws Exception {
        HttpResponse<String> response = client.send(HttpRequest.newBuilder(URI.create(server.url() + path))
                .header("Authorization", "Bearer " + ADMIN).build(), HttpResponse.BodyHandlers.ofString());
        assertEquals(200, response.statusCode(), path);
        return response.body();
    }

    private static String completion(String prompt, boolean stream) {
        return "{\"model\":\"alcove-demo\",\"prompt\":\"" + prompt + "\",\"max_tokens\":60,\"temperature\":0,\"stream\":" + stream
                + "}";
    }

    private static String chat(String messages, String more) {
        return "{\"model\":\"alcove-demo\",\"max_tokens\":20,\"messages\":" + messages + more + "}";
    }

    private static String message(String role, String text) {
        return "{\"role\":\"" + role + "\",\"content\":\"" + text + "\"}";
    }

    /** Requests that go well, in one piece and in many; what was answered is searched for, too. */
    private void askWell() throws Exception {
        HttpResponse<String> whole = post("/v1/completions", completion("Once " + CANARY + " upon a time", false));
        assertEquals(200, whole.statusCode(), whole.body());
        String answer = new ObjectMapper().readTree(whole.body()).at("/choices/0/text").textValue().strip();
        assertTrue(answer.length() > 24, answer);
        words.add(answer.substring(answer.length() - 24));
        assertEquals(200, post("/v1/completions", completion("Once " + CANARY + " upon a time", true)).statusCode());
        String user = message("user", CANARY);
        String both = "[" + message("system", CANARY) + "," + user + "]";
        assertEquals(200, post("/v1/chat/completions", chat(both, "")).statusCode());
        assertEquals(200, post("/v1/chat/completions", chat("[" + user + "]", ",\"stream\":true")).statusCode());
    }

    /** Requests that go wrong, each in its way. */
    private void askBadly() throws Exception {
        String user = message("user", CANARY);
        for (String body : List.of("{\"model\":\"alcove-demo\",\"prompt\":" + CANARY + "}", "{\"prompt\":\"" + CANARY,
                chat("\"" + CANARY + "\"", ""), chat("[" + message(CANARY, "x") + "]", ""), chat("[{\"" + CANARY + "\":1}]", ""),
                chat("[" + user + "]", ",\"temperature\":\"" + CANARY + "\""), chat("[" + user + "]", ",\"" + CANARY + "\":1"),
                chat("[" + user + "]", ",\"stop\":{\"" + CANARY + "\":1}"), chat("[" + user + "]", ",\"max_tokens\":-1"),
                chat("[" + user.repeat(2) + "]", ""), chat("[" + message("assistant", CANARY) + "]", ",\"n\":999"),
                chat("[" + user + "]", ",\"tools\":[{\"type\":\"" + CANARY + "\"}]"),
                chat("[" + user + "]", ",\"response_format\":{\"type\":\"json_schema\",\"json_schema\":\"" + CANARY + "\"}"),
                completion((CANARY + " ").repeat(4_000), false).replace("\"max_tokens\":60", "\"max_tokens\":4000"),
                "[\"" + (CANARY + " ").repeat(2_000_000) + "\"]")) {
            for (String path : List.of("/v1/chat/completions", "/v1/completions", "/v1/embeddings", "/tokenize",
                    "/sealed/generate", "/admin/api/session")) {
                try {
                    post(path, body);
                } catch (IOException cut) {
                    // A body that is too large may be answered before it was read, and the connection closed.
                    assertTrue(body.length() > 1_000_000, cut.toString());
                }
            }
        }
    }

    /** A client that goes away in the middle of its answer, and one that goes in the middle of its question. */
    private void breakOff() throws IOException {
        URI url = URI.create(server.url());
        byte[] body = completion("Once " + CANARY, true).replace("\"max_tokens\":60", "\"max_tokens\":400")
                .getBytes(StandardCharsets.UTF_8);
        for (int sent : new int[] {body.length, body.length - 30}) {
            try (Socket socket = new Socket(url.getHost(), url.getPort())) {
                OutputStream out = socket.getOutputStream();
                out.write(("POST /v1/completions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                        + "Content-Length: "
                        + body.length + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
                out.write(body, 0, sent);
                out.flush();
                if (sent == body.length) {
                    assertNotEquals(-1, socket.getInputStream().read());
                }
            }
        }
    }

    private void clean(String what, String text) {
        for (String word : words) {
            int at = text.indexOf(word);
            assertFalse(at >= 0, () -> what + " holds \"" + word + "\": …" + text.substring(Math.max(0, at - 300),
                    Math.min(text.length(), at + 200)));
        }
    }

    private void cleanFolder(Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                clean(file.toString(), new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
            }
        }
    }

    @Test
    void noWordOfAPromptOrAnAnswerOutlivesItsRequest() throws Exception {
        askWell();
        askBadly();
        breakOff();
        assertEquals(200, post("/v1/completions", completion("One more", false)).statusCode());
        for (String path : List.of("/metrics", "/healthz", "/readyz", "/v1/models", "/admin/api/workers", "/admin/api/dispatch",
                "/admin/api/models", "/admin/api/overview", "/admin/api/plugins", "/admin/api/audit", "/admin/api/policy")) {
            clean(path, get(path));
        }
        server.signal("QUIT");
        server.awaitOutput("Full thread dump");
        cleanFolder(folder);
        // Its memory holds the words; nothing of that may come to a disk when it crashes.
        server.signal("SEGV");
        assertNotEquals(0, server.awaitEnd());
        assertTrue(server.output().contains(" DEBUG "), "the log tells more than by default");
        clean("what the process wrote", server.output());
        cleanFolder(folder);
        for (Path place : List.of(Path.of(""), folder, temporary, Path.of("/tmp"))) {
            try (Stream<Path> files = Files.list(place.toAbsolutePath())) {
                List<Path> left = files.filter(file -> file.getFileName().toString()
                        .matches("(hs_err_pid|replay_pid|core\\.|java_pid)" + server.pid() + ".*")).toList();
                assertEquals(List.of(), left);
            }
        }
    }

    @Test
    void aProcessThatIsEndedByAnySignalLeavesNoCore() throws Exception {
        assertEquals(0L, softCoreLimit(), "the limit of core files");
        server.signal("ABRT");
        assertNotEquals(0, server.awaitEnd());
        cleanFolder(folder);
    }

    private long softCoreLimit() throws IOException {
        return Files.readAllLines(Path.of("/proc", Long.toString(server.pid()), "limits")).stream()
                .filter(line -> line.startsWith("Max core file size")).map(line -> line.split("\\s{2,}")[1])
                .mapToLong(Long::parseLong).findFirst().orElseThrow();
    }
}
