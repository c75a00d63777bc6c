package org.alcove.distribution;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** Chromium, driven by {@code playwright-core} for Node, which is installed below {@code target/}. */
final class BrowserRun {

    private static final int LIMIT_SECONDS = 900;
    private static final List<String> CHROMIUM = List.of("/usr/bin/chromium", "/usr/bin/chromium-browser");

    private final Path folder;

    private BrowserRun(Path folder) {
        this.folder = folder;
    }

    /** A scenario and what went wrong, empty where nothing did. */
    record Result(String name, String fault) {
    }

    /** Installs what drives the browser; the test is skipped, and says so, where the browser, Node or packages are missing. */
    static BrowserRun installed() throws IOException, InterruptedException {
        Assumptions.assumeTrue(CHROMIUM.stream().anyMatch(path -> Files.isExecutable(Path.of(path))),
                "SKIPPED: the pages are not tried, for lack of Chromium: install the package chromium");
        Path source = Path.of("src", "test", "pages");
        Path folder = Files.createDirectories(Path.of("target", "pages"));
        try (Stream<Path> files = Files.list(source)) {
            for (Path file : files.toList()) {
                Files.copy(file, folder.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        if (!Files.isDirectory(folder.resolve("node_modules/playwright-core"))) {
            try {
                command(folder, "npm", "ci", "--no-audit", "--no-fund");
            } catch (IOException | AssertionError absent) {
                Assumptions.abort("SKIPPED: the pages are not tried: playwright-core cannot be installed: "
                        + absent.getMessage());
            }
        }
        return new BrowserRun(folder);
    }

    /** Runs all scenarios of a file against a server. */
    List<Result> run(String scenarios, String url) throws IOException, InterruptedException {
        List<Result> results = new ArrayList<>();
        new ObjectMapper().readTree(command(folder, "node", "run.mjs", scenarios, url)).properties()
                .forEach(it -> results.add(new Result(it.getKey(), it.getValue().isNull() ? "" : it.getValue().textValue())));
        return results;
    }

    /** What a command prints; what it measures it says on the other stream, which goes to this process's. */
    private static String command(Path folder, String... command) throws IOException, InterruptedException {
        Path out = Files.createTempFile("pages", ".out");
        try {
            Process process = new ProcessBuilder(command).directory(folder.toFile()).redirectOutput(out.toFile())
                    .redirectError(ProcessBuilder.Redirect.INHERIT).start();
            boolean ended = process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS);
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
            String text = Files.readString(out);
            if (!ended || process.exitValue() != 0) {
                throw new AssertionError(String.join(" ", command) + (ended ? " ended with " + process.exitValue()
                        : " did not end within " + LIMIT_SECONDS + " s") + "; it wrote: " + text);
            }
            return text;
        } finally {
            Files.delete(out);
        }
    }
}
