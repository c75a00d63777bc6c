package org.alcove.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the script says of the verbs that no bundle has, without a Java or a build. */
@Timeout(60)
class ScriptHelpTest {

    @TempDir
    Path folder;

    private String help(String verb, String flag) throws IOException, InterruptedException {
        Path script = Files.copy(Path.of("..", "alcove"), folder.resolve("alcove"));
        Process process = new ProcessBuilder("bash", script.toString(), verb, "--port", "0", flag).redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), said);
        return said;
    }

    @ParameterizedTest
    @CsvSource({"serve, --model PATH", "all, --model PATH", "controller, --worker-policy FILE", "worker, --advertise URL",
        "api, --cluster-secret FILE", "connect, --collateral DIR", "digest, --json", "sign, --p256", "health, --tls FILE.p12"})
    void eachVerbTellsItsFlags(String verb, String flag) throws Exception {
        String said = help(verb, "--help");
        assertTrue(said.startsWith("Usage: ./alcove ") && said.contains(flag), said);
    }

    @Test
    void aVerbsFlagsAreNotThoseOfOthers() throws Exception {
        List<String> verbs = help("serve", "-h").lines().filter(line -> line.matches("  [a-z].*")).toList();
        assertEquals(1, verbs.size(), verbs::toString);
        assertTrue(verbs.getFirst().startsWith("  serve "));
    }
}
