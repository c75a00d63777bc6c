package org.alcove.distribution;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** The console in Chromium, against a server started from the script; what is done there is told in {@code src/test/pages}. */
class ConsolePageIT {

    private static final Pattern PRINTED = Pattern.compile("for the name admin with the password (\\S+)");
    private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(300);
    private static final long POLL_NANOS = 20_000_000;

    @TempDir
    Path work;

    @TestFactory
    Stream<DynamicTest> whatThoseWhoRunAServerDoWorks() throws Exception {
        BrowserRun browser = BrowserRun.installed();
        Path home = Distribution.copyTo(work.resolve("home"));
        Path data = work.resolve("data");
        Path shelf = Files.createDirectories(data.resolve("models")).resolve("shelf.gguf");
        Files.copy(home.resolve("models").resolve("alcove-demo.gguf"), shelf);
        Files.copy(shelf, shelf.resolveSibling("third.gguf"));
        // Each takes about 86 MB at most: two have room, three have not.
        Files.writeString(home.resolve("conf").resolve("org.alcove.worker.models.config"),
                "memory_budget_bytes=L\"131072000\"\n");
        try (ServerProcess server = ServerProcess.serve(home, data)) {
            String url = server.url().replace("http://", "http://admin:" + password(server, data) + "@") + "?policy="
                    + newerLottery(home);
            List<BrowserRun.Result> results = new ArrayList<>(browser.run("./console.mjs", url));
            results.addAll(browser.run("./console-typed.mjs", url));
            results.addAll(browser.run("./console-running.mjs", url));
            results.addAll(browser.run("./console-models.mjs", url));
            assertFalse(results.isEmpty(), "no scenario ran");
            return results.stream().map(result -> DynamicTest.dynamicTest(result.name(),
                    () -> assertEquals("", result.fault())));
        }
    }

    /** The installed bundle of the lottery again, with a higher version. */
    private Path newerLottery(Path home) throws IOException {
        Path newer = work.resolve("lottery.jar");
        try (JarFile old = new JarFile(home.resolve("plugins").resolve("scheduler-lottery.jar").toFile())) {
            Manifest manifest = new Manifest(old.getManifest());
            manifest.getMainAttributes().putValue("Bundle-Version", "9.0.0");
            try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(newer), manifest)) {
                for (JarEntry entry : Collections.list(old.entries())) {
                    if (!entry.getName().equals(JarFile.MANIFEST_NAME)) {
                        jar.putNextEntry(new JarEntry(entry.getName()));
                        old.getInputStream(entry).transferTo(jar);
                    }
                }
            }
        }
        return newer;
    }

    /** The first password: printed, or still in its file where the account was made after the server had said that it answers. */
    private static String password(ServerProcess server, Path data) throws IOException {
        Path file = data.resolve("admin").resolve("first-password");
        long end = System.nanoTime() + LIMIT_NANOS;
        while (System.nanoTime() < end) {
            Matcher printed = PRINTED.matcher(server.output());
            if (printed.find()) {
                return printed.group(1);
            }
            try {
                return Files.readString(file).strip();
            } catch (NoSuchFileException notYetOrPrintedMeanwhile) {
                LockSupport.parkNanos(POLL_NANOS);
            }
        }
        throw new AssertionError("the server told no password; it wrote:\n" + server.output());
    }
}
