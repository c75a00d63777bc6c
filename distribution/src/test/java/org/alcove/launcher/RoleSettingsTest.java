package org.alcove.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RoleSettingsTest {

    private static final String MEGABYTES = "alcove.conversations_megabytes";

    @TempDir
    Path folder;

    private Map<String, String> settings(Role role, String... flags) throws IOException {
        Path model = Files.writeString(folder.resolve("m.gguf"), "x");
        return RoleSettings.of(Options.parse(role, List.of(flags), Optional.of(model)), 1);
    }

    /** Several may answer the same page, each with a folder of its own: what one keeps, another would say is deleted. */
    @Test
    void anApiProcessKeepsNoConversationsAndOneThatIsAloneDoes() throws IOException {
        assertEquals("0", settings(Role.API, "--controller", "https://c:1").get(MEGABYTES));
        assertNull(settings(Role.SERVE).get(MEGABYTES));
        String file = Files.readString(Path.of("src", "main", "home", "conf", "org.alcove.chat.config"));
        assertTrue(file.contains("conversations_megabytes=\"$[prop:" + MEGABYTES + ";type=Integer;default=1024]\""), file);
    }

    @Test
    void anApiProcessThatIsToldSoKeepsConversations() throws IOException {
        System.setProperty(MEGABYTES, "64");
        try {
            assertEquals("64", settings(Role.API, "--controller", "https://c:1").get(MEGABYTES));
        } finally {
            System.clearProperty(MEGABYTES);
        }
    }

    /** Only what a flag names has to be taken by a configuration. */
    @Test
    void aModelIsGivenByItsFlagAlone() throws IOException {
        String model = folder.resolve("m.gguf").toString();
        Map<String, String> boxed = settings(Role.SERVE);
        assertEquals(List.of(model, ""), List.of(boxed.get("alcove.model.path"), boxed.get("alcove.model.given")));
        assertEquals(model, settings(Role.SERVE, "--model", model).get("alcove.model.given"));
        assertEquals("", settings(Role.API, "--controller", "https://c:1").get("alcove.model.given"));
    }
}
