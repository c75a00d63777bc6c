package org.alcove.distribution;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** The console in Chromium, against a server started from the script; what is done there is told in {@code src/test/pages}. */
class ConsolePageIT {

    private static final Pattern PRINTED = Pattern.compile("for the name admin with the password (\\S+)");
    private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(60);

    @TempDir
    Path work;

    @TestFactory
    Stream<DynamicTest> whatThoseWhoRunAServerDoWorks() throws Exception {
        BrowserRun browser = BrowserRun.installed();
        Path home = Distribution.copyTo(work.resolve("home"));
        Path data = Files.createDirectories(work.resolve("data"));
        try (ServerProcess server = ServerProcess.serve(home, data)) {
            String url = server.url().replace("http://", "http://admin:" + password(server, data) + "@");
            List<BrowserRun.Result> results = browser.run("./console.mjs", url);
            assertFalse(results.isEmpty(), "no scenario ran");
            return results.stream().map(result -> DynamicTest.dynamicTest(result.name(),
                    () -> assertEquals("", result.fault())));
        }
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
            if (Files.isRegularFile(file)) {
                return Files.readString(file).strip();
            }
            Thread.onSpinWait();
        }
        throw new AssertionError("the server told no password; it wrote:\n" + server.output());
    }
}
