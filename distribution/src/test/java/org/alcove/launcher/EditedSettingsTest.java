package org.alcove.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a build does to the settings of a distribution that somebody edited. */
@Timeout(60)
class EditedSettingsTest {

    private static final String NAME = "org.alcove.core.config";

    @TempDir
    Path folder;
    private Path source;
    private Path target;

    @BeforeEach
    void aFirstBuild() throws IOException, InterruptedException {
        source = Files.createDirectories(folder.resolve("sources")).resolve(NAME);
        target = folder.resolve("home/conf").resolve(NAME);
        Files.writeString(source, "policy=\"shortest_queue\"\n");
        assertEquals("", build());
        assertEquals("policy=\"shortest_queue\"\n", Files.readString(target));
    }

    private String build() throws IOException, InterruptedException {
        Process process = new ProcessBuilder(Path.of("copy-settings.sh").toAbsolutePath().toString(),
                source.getParent().toString(), target.getParent().toString(), folder.resolve("written").toString())
                .redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), said);
        return said;
    }

    @Test
    void whatSomebodyEditedStaysThroughBuildsOfOtherSourcesAndEachSaysSo() throws Exception {
        Files.writeString(target, "policy=\"lottery\"\n");
        Files.writeString(source, "policy=\"shortest_queue\"\ndispatch_history=I\"200\"\n");
        for (int i = 0; i < 2; i++) {
            String said = build();
            assertEquals("policy=\"lottery\"\n", Files.readString(target));
            assertTrue(said.contains(target + " was edited") && said.contains(source.toString()), said);
        }
    }

    @Test
    void whatNobodyEditedFollowsItsSource() throws Exception {
        for (String text : new String[] {"policy=\"random\"\n", "policy=\"lottery\"\n"}) {
            Files.writeString(source, text);
            assertEquals("", build());
            assertEquals(text, Files.readString(target));
        }
    }

    @Test
    void anEditedOneThatWasDeletedOrMadeLikeItsSourceFollowsItAgain() throws Exception {
        Files.writeString(target, "policy=\"lottery\"\n");
        build();
        Files.delete(target);
        assertEquals("", build());
        assertEquals(Files.readString(source), Files.readString(target));
        Files.writeString(source, "policy=\"random\"\n");
        Files.writeString(target, "policy=\"random\"\n");
        assertEquals("", build());
        Files.writeString(source, "policy=\"lottery\"\n");
        assertEquals("", build());
        assertEquals("policy=\"lottery\"\n", Files.readString(target));
    }

    /** As in a tree that was built before builds remembered what they wrote. */
    @Test
    void whereItIsNotKnownWhatWasWrittenNothingIsLost() throws Exception {
        Files.delete(folder.resolve("written").resolve(NAME));
        Files.writeString(target, "policy=\"lottery\"\n");
        assertTrue(build().contains("was edited"));
        assertEquals("policy=\"lottery\"\n", Files.readString(target));
    }
}
