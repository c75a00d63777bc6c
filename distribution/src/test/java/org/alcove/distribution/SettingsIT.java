package org.alcove.distribution;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The files in {@code conf/} are edited while streams run: none breaks, and no request is refused or let in because of it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SettingsIT {

    private static final String MODEL = "small";
    private static final int STREAMS = 4;
    private static final int TOKENS = 200;
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String UNKNOWN = "unheard_of";
    /** By configuration: a line that makes no sense. */
    private static final Map<String, String> FAULTS = Map.of("openai", "key_required=\"yes\"", "sealed",
            "max_body_bytes=\"much\"", "chat", "conversations_megabytes=I\"-5\"", "admin", "reachable_from_elsewhere=\"no\"",
            "accounts", "idle_minutes=\"soon\"", "worker.models", "load_wait_seconds=\"x\"", "weights.copies",
            "interleaved_copy=\"no\"");
    /** Others that make sense; it is told that a key beside them is not known, and so that they have been read. */
    private static final Map<String, String> CHANGES = Map.of("openai", "ping_seconds=I\"4\"", "sealed", "ping_seconds=I\"4\"",
            "admin", "reachable_from_elsewhere=B\"false\"", "accounts", "idle_minutes=I\"20\"", "worker.models",
            "keep_alive_seconds=I\"600\"", "weights.copies", "folder_max_gb=I\"7\"", "core", "dispatch_history=I\"9\"");

    @TempDir
    static Path folder;

    private final HttpClient client = HttpClient.newHttpClient();
    private Path home;
    private ServerProcess server;
    private List<String> undisturbed;
    private List<Integer> ordinary;

    @BeforeAll
    void start() throws Exception {
        Path model = Distribution.smallModel();
        home = Distribution.copyTo(folder.resolve("home"));
        server = ServerProcess.serve(home, folder.resolve("data"), "--model", model.toString(), "--name", MODEL);
        try (StreamLoad load = load()) {
            undisturbed = load.texts();
        }
        ordinary = answers();
    }

    @AfterAll
    void stop() {
        client.close();
        if (server != null) {
            server.close();
        }
    }

    private StreamLoad load() {
        return new StreamLoad(server.url(), MODEL, TOKENS).start(STREAMS);
    }

    private Path file(String configuration) {
        return Path.of("conf", "org.alcove." + configuration + ".config");
    }

    /** The file as it was shipped, with these lines in place of what it says of their keys. */
    private void edit(String configuration, String... lines) throws IOException {
        Path shipped = Distribution.home().resolve(file(configuration));
        String text = Files.exists(shipped) ? Files.readString(shipped) : "";
        for (String line : lines) {
            text = text.replaceAll("(?m)^" + line.substring(0, line.indexOf('=')) + "=.*\\n", "") + line + "\n";
        }
        Path whole = Files.writeString(folder.resolve("edited"), text);
        Files.move(whole, home.resolve(file(configuration)), StandardCopyOption.REPLACE_EXISTING,
                StandardCopyOption.ATOMIC_MOVE);
    }

    /** What who asks without a key is answered; the page of conversations says 400 to who shows no code. */
    private List<Integer> answers() throws Exception {
        return List.of(status("/v1/models"), status("/admin/api/workers"), status("/chat/conversations/"),
                status("/attestation"));
    }

    private int status(String path) throws Exception {
        return client.send(HttpRequest.newBuilder(URI.create(server.url() + path)).build(),
                HttpResponse.BodyHandlers.discarding()).statusCode();
    }

    /** Streams run and requests come, and all are answered as ever, until the log has all these words. */
    private String serveUntilTold(List<String> words, int from) throws Exception {
        long limit = System.nanoTime() + LIMIT.toNanos();
        while (true) {
            try (StreamLoad load = load()) {
                assertEquals(ordinary, answers());
                assertEquals(undisturbed, load.texts());
            }
            String told = server.output().substring(from);
            if (words.stream().allMatch(told::contains)) {
                return told;
            }
            assertTrue(System.nanoTime() < limit, () -> "not all of " + words + " was told: " + told);
        }
    }

    @Test
    void whatMakesNoSenseIsToldAndChangesNothing() throws Exception {
        int from = server.output().length();
        for (Map.Entry<String, String> fault : FAULTS.entrySet()) {
            edit(fault.getKey(), fault.getValue());
        }
        List<String> begins = FAULTS.entrySet().stream().map(fault -> "Configuration org.alcove." + fault.getKey() + ": "
                + fault.getValue().substring(0, fault.getValue().indexOf('=')) + " in ").toList();
        String told = serveUntilTold(begins, from);
        for (String begin : begins) {
            String line = told.substring(told.indexOf(begin)).lines().findFirst().orElseThrow();
            assertTrue(line.endsWith("; all goes on as it was before until it is corrected"), line);
        }
    }

    @Test
    void whatMakesSenseIsTakenAndBreaksNoStream() throws Exception {
        int from = server.output().length();
        for (Map.Entry<String, String> change : CHANGES.entrySet()) {
            edit(change.getKey(), change.getValue(), UNKNOWN + "=\"x\"");
        }
        serveUntilTold(CHANGES.keySet().stream()
                .map(name -> "The key " + UNKNOWN + " in org.alcove." + name + ".config").toList(), from);
    }
}
