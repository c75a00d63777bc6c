package org.alcove.distribution;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Jars and configuration files come, change and go in the folders of a running server, as people would do it. */
class PluginFolderIT {

    private static final Duration LIMIT = Duration.ofSeconds(300);
    private static final long POLL_NANOS = 20_000_000;
    private static final String REQUEST = """
            {"model": "small", "prompt": "Once upon a time", "max_tokens": 300, "temperature": 0.8, "seed": 7, "stream": true}""";

    @TempDir
    static Path folder;
    private static Path home;
    private static ServerProcess server;
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    @BeforeAll
    static void serveQuantizedModel() throws Exception {
        Path source = Distribution.smallModel();
        home = Distribution.copyTo(folder.resolve("home"));
        Path model = folder.resolve("small.gguf");
        Distribution.run(home, "quantize", source, model, "--scheme", "sym_int4");
        server = ServerProcess.serve(home, folder.resolve("data"), "--model", model.toString());
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            server.close();
        }
    }

    private static HttpResponse<String> post() throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(server.url() + "/v1/completions"))
                .header("Content-Type", "application/json").POST(HttpRequest.BodyPublishers.ofString(REQUEST)).build();
        return CLIENT.send(request, HttpResponse.BodyHandlers.ofString());
    }

    /** The text of a stream; fails where the stream does not end as it should. */
    private static String text() throws IOException, InterruptedException {
        HttpResponse<String> response = post();
        assertEquals(200, response.statusCode(), response.body());
        assertTrue(response.body().endsWith("data: [DONE]\n\n"), response.body());
        StringBuilder text = new StringBuilder();
        for (String line : response.body().split("\n")) {
            if (line.startsWith("data: {")) {
                JsonNode chunk = new ObjectMapper().readTree(line.substring("data: ".length()));
                assertTrue(chunk.path("error").isMissingNode(), line);
                text.append(chunk.at("/choices/0/text").asText());
            }
        }
        return text.toString();
    }

    private static int status() {
        try {
            return post().statusCode();
        } catch (IOException e) {
            return -1;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String said() {
        try {
            return post().body();
        } catch (IOException e) {
            return "";
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void await(String what, BooleanSupplier condition) {
        long limit = System.nanoTime() + LIMIT.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > limit) {
                throw new AssertionError("within " + LIMIT.toSeconds() + " s there was not " + what + "; the server wrote:\n"
                        + server.output());
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
    }

    private static int count(String words) {
        return server.output().split(words, -1).length - 1;
    }

    @Test
    void aKernelIsReplacedInItsPlaceWhileStreamsRun() throws Exception {
        String expected = text();
        int before = count("serves sym_int4");
        Path jar = home.resolve("plugins/kernel-sym-int4.jar");
        Path replacement = Files.copy(jar, folder.resolve("replacement.jar"));
        Files.move(replacement, jar, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        long limit = System.nanoTime() + LIMIT.toNanos();
        while (count("serves sym_int4") == before) {
            assertEquals(expected, text());
            assertTrue(System.nanoTime() < limit, () -> "the kernel was not replaced; the server wrote:\n" + server.output());
        }
        assertEquals(expected, text());
    }

    @Test
    void aPolicyThatIsDeletedIsMissedAndComesBackWithItsJar() throws Exception {
        Path jar = home.resolve("plugins/scheduler-shortestqueue.jar");
        Path kept = Files.move(jar, folder.resolve("policy.jar"));
        await("a refusal without the policy", () -> status() == 503);
        assertTrue(post().body().contains("shortest_queue"), post().body());
        Files.move(kept, jar);
        await("an answer with the policy", () -> status() == 200);
    }

    @Test
    void aPolicyIsChosenByEditingAFile() throws Exception {
        Path file = home.resolve("conf/org.alcove.core.config");
        String shipped = Files.readString(file);
        Files.writeString(file, shipped.replace("policy=\"shortest_queue\"", "policy=\"lottery\""));
        await("lottery in use", () -> server.output().contains("Scheduling policy: lottery"));
        assertEquals(200, status());
        int before = count("Scheduling policy: shortest_queue");
        Files.writeString(file, shipped);
        await("shortest_queue in use again", () -> count("Scheduling policy: shortest_queue") > before);
    }

    @Test
    void aFrontEndThatIsDeletedAnswersNoMoreAndComesBackWithItsJar() throws Exception {
        Path jar = home.resolve("plugins/openai-api.jar");
        Path kept = Files.move(jar, folder.resolve("front-end.jar"));
        await("nobody at its paths", () -> said().contains("openai-api.jar in plugins/ is being replaced or does not run"));
        assertEquals(503, status());
        Files.move(kept, jar);
        await("an answer", () -> status() == 200);
    }

    /** A jar without what its manifest names, as a build that went wrong makes it, sent by a person who is signed in. */
    @Test
    void anUpdateWhoseComponentsAreMissingIsTakenBackAndStreamsGoOn() throws Exception {
        String expected = text();
        Path broken = folder.resolve("broken.jar");
        Files.copy(home.resolve("plugins/kernel-sym-int4.jar"), broken);
        try (FileSystem jar = FileSystems.newFileSystem(broken); Stream<Path> descriptors = Files.list(jar.getPath("OSGI-INF"))) {
            for (Path descriptor : descriptors.toList()) {
                Files.delete(descriptor);
            }
        }
        HttpResponse<String> refused = send("/admin/api/plugins?update=true", "application/java-archive",
                HttpRequest.BodyPublishers.ofFile(broken), signedIn());
        assertEquals(409, refused.statusCode(), refused.body());
        assertTrue(refused.body().contains(".xml is not in the jar. All is as it was before"), refused.body());
        await("an answer with the kernel from before", () -> status() == 200);
        assertEquals(expected, text());
    }

    /** The headers of a session of the first account. */
    private static String[] signedIn() throws IOException, InterruptedException {
        Matcher password = Pattern.compile("for the name admin with the password (\\S+)").matcher(server.output());
        assertTrue(password.find(), server.output());
        HttpResponse<String> session = send("/admin/api/session", "application/json", HttpRequest.BodyPublishers.ofString(
                "{\"name\": \"admin\", \"password\": \"" + password.group(1) + "\"}"), new String[0]);
        return new String[] {"Cookie", session.headers().firstValue("Set-Cookie").orElseThrow().split(";")[0],
            "X-Alcove-Csrf", new ObjectMapper().readTree(session.body()).get("csrf").textValue()};
    }

    private static HttpResponse<String> send(String path, String type, HttpRequest.BodyPublisher body, String[] headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(server.url() + path)).header("Content-Type", type)
                .POST(body);
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
}
