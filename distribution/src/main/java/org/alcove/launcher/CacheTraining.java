package org.alcove.launcher;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.osgi.framework.BundleException;

/**
 * Starts everything but a model, asks the doors once and stops. The build runs this with {@code -XX:AOTCacheOutput}, so that the
 * classes of a server's start come from that cache afterwards; it halves the time a start takes. It does without the Java Vector
 * API, whose classes that cache cannot hold ({@link VectorApi}).
 */
final class CacheTraining {

    private static final List<String> DOORS = List.of("/healthz", "/readyz", "/metrics", "/v1/models");
    private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(60);
    private static final long POLL_NANOS = 20_000_000;

    /** Returns 0 once all doors have answered; 1 if one did not within a minute. */
    int run() throws BundleException, IOException {
        int port = Binding.freePort(InetAddress.getLoopbackAddress(), 0);
        Path scratch = Files.createTempDirectory("alcove-");
        RunningFramework framework = RunningFramework.install(Home.ofProcess(), scratch.resolve("framework"),
                Map.of("alcove.port", Integer.toString(port), "alcove.data", scratch.toString(),
                        "felix.fileinstall.filter", Role.SERVE.configurationFilter()),
                CompletableFuture.completedFuture(false));
        try {
            framework.start();
            long limit = System.nanoTime() + LIMIT_NANOS;
            for (String door : DOORS) {
                while (!answers(port, door)) {
                    if (System.nanoTime() > limit) {
                        return 1;
                    }
                    LockSupport.parkNanos(POLL_NANOS);
                }
            }
            return 0;
        } finally {
            framework.stop();
            RunningFramework.delete(scratch);
        }
    }

    /** Whether anybody but the HTTP service's own "not found" answers. */
    private static boolean answers(int port, String door) {
        try {
            HttpURLConnection connection =
                    (HttpURLConnection) URI.create("http://127.0.0.1:" + port + door).toURL().openConnection();
            int status = connection.getResponseCode();
            connection.disconnect();
            return status != HttpURLConnection.HTTP_NOT_FOUND;
        } catch (IOException notYet) {
            return false;
        }
    }
}
