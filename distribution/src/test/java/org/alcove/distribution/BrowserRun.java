package org.alcove.distribution;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/** Chromium, driven by {@code playwright-core} for Node. */
final class BrowserRun {

    private static final List<String> CHROMIUM = List.of("/usr/bin/chromium", "/usr/bin/chromium-browser");

    private final NodeProject scripts;

    private BrowserRun(NodeProject scripts) {
        this.scripts = scripts;
    }

    /** A scenario and what went wrong, empty where nothing did. */
    record Result(String name, String fault) {
    }

    /** Installs what drives the browser; the test is skipped, and says so, where the browser, Node or packages are missing. */
    static BrowserRun installed() throws IOException, InterruptedException {
        Assumptions.assumeTrue(CHROMIUM.stream().anyMatch(path -> Files.isExecutable(Path.of(path))),
                "SKIPPED: the pages are not tried, for lack of Chromium: install the package chromium");
        return new BrowserRun(NodeProject.installed("pages", "the pages are not tried"));
    }

    /** Runs all scenarios of a file against a server. */
    List<Result> run(String scenarios, String url) throws IOException, InterruptedException {
        List<Result> results = new ArrayList<>();
        new ObjectMapper().readTree(scripts.run("node", "run.mjs", scenarios, url)).properties()
                .forEach(it -> results.add(new Result(it.getKey(), it.getValue().isNull() ? "" : it.getValue().textValue())));
        return results;
    }
}
