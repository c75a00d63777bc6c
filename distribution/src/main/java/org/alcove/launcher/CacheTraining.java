package org.alcove.launcher;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.osgi.framework.BundleException;

/**
 * Serves the model that comes with Alcove, asks the doors and the model once and stops. The build runs this with
 * {@code -XX:AOTCacheOutput}, so that the classes of a server's start and of its first answer come from that cache afterwards; it
 * halves the time a start takes. It does without the Java Vector API, whose classes that cache cannot hold ({@link VectorApi}).
 */
final class CacheTraining {

    private static final List<String> DOORS = List.of("/healthz", "/readyz", "/metrics", "/v1/models", "/", "/admin/api/models");
    private static final String QUESTION = "{\"model\":\"%s\",\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}],"
            + "\"max_tokens\":4,\"stream\":%s}";
    private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(60);
    private static final long POLL_NANOS = 20_000_000;
    private static final String MODEL = "training";

    /**
     * Returns 0 once all have answered; 1 if one did not within a minute.
     *
     * @throws UsageException if no model came with Alcove
     */
    int run() throws BundleException, IOException {
        try (KeptPort port = KeptPort.of(InetAddress.getLoopbackAddress(), 0)) {
            return run(port.number());
        }
    }

    private static int run(int port) throws BundleException, IOException {
        Path scratch = Files.createTempDirectory("alcove-");
        Options options = Options.parse(Role.SERVE, List.of("--port", Integer.toString(port), "--data", scratch.toString(),
                "--name", MODEL), Home.ofProcess().demoModel());
        RunningFramework framework = RunningFramework.install(Home.ofProcess(), scratch.resolve("framework"),
                RoleSettings.of(options, port), CompletableFuture.completedFuture(false));
        try {
            framework.start();
            long limit = System.nanoTime() + LIMIT_NANOS;
            for (String request : requests()) {
                while (!answers(port, request)) {
                    if (System.nanoTime() > limit) {
                        return 1;
                    }
                    LockSupport.parkNanos(POLL_NANOS);
                }
            }
            return 0;
        } finally {
            framework.stop();
            FrameworkStorage.delete(scratch);
        }
    }

    private static List<String> requests() {
        List<String> requests = new ArrayList<>(
                DOORS.stream().map(door -> ReadyWatch.get(door, CertificateNames.LOCALHOST)).toList());
        for (boolean streamed : new boolean[] {false, true}) {
            String question = QUESTION.formatted(MODEL, streamed);
            requests.add("POST /v1/chat/completions HTTP/1.1\r\n" + ReadyWatch.headers(CertificateNames.LOCALHOST)
                    + "Content-Type: application/json\r\nContent-Length: " + question.length() + "\r\n\r\n" + question);
        }
        return requests;
    }

    private static boolean answers(int port, String request) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return ReadyWatch.isOpen(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException notYet) {
            return false;
        }
    }
}
