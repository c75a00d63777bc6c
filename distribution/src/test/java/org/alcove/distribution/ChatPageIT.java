package org.alcove.distribution;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** The chat page in Chromium, against a server started from the script; what a reader does is told in {@code src/test/pages}. */
class ChatPageIT {

    @TempDir
    Path data;

    @TestFactory
    Stream<DynamicTest> whatAReaderDoesWorks() throws Exception {
        BrowserRun browser = BrowserRun.installed();
        Files.copy(Distribution.home().resolve("models").resolve("alcove-demo.gguf"),
                Files.createDirectories(data.resolve("models")).resolve("sleeper.gguf"));
        try (ServerProcess server = ServerProcess.serve(Distribution.home(), data)) {
            List<BrowserRun.Result> results = new ArrayList<>();
            for (String scenarios : List.of("./chat.mjs", "./chat-kept.mjs", "./chat-tabs.mjs")) {
                List<BrowserRun.Result> ran = browser.run(scenarios, server.url());
                assertFalse(ran.isEmpty(), "no scenario ran of " + scenarios);
                results.addAll(ran);
            }
            return results.stream().map(result -> DynamicTest.dynamicTest(result.name(),
                    () -> assertEquals("", result.fault())));
        }
    }
}
