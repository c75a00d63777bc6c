package org.alcove.connect.offer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServerKeysTest {

    private static final URI ONE = URI.create("https://a:8443");
    private static final URI OTHER = URI.create("https://b:8443");
    private static final List<URI> BOTH = List.of(ONE, OTHER);

    @TempDir
    private Path folder;

    private Map<URI, String> read(String text) throws IOException {
        return ServerKeys.read(Optional.of(Files.writeString(folder.resolve("keys"), text)), BOTH);
    }

    @Test
    void oneKeyIsForAllServersAndNoFileForNone() throws IOException {
        assertEquals(Map.of(ONE, "secret-of-both", OTHER, "secret-of-both"), read("\n# mine\nsecret-of-both\n"));
        assertEquals(Map.of(), ServerKeys.read(Optional.empty(), BOTH));
    }

    @Test
    void aKeyBesideAnAddressIsForThatServerAlone() throws IOException {
        assertEquals(Map.of(OTHER, "secret-of-b"), read("https://b:8443 secret-of-b"));
        assertEquals(Map.of(ONE, "secret-of-a", OTHER, "secret-of-b"),
                read("https://b:8443 secret-of-b\n" + ONE + "\tsecret-of-a\n"));
    }

    @Test
    void whatMakesNoSenseIsRefusedWithoutShowingAKey() {
        for (String text : List.of("secret-of-a\nsecret-of-b", "https://c:1 secret-of-c", "https://a:8443 secret more",
                "https://a:8443 secret-of-a\nhttps://a:8443 secret-of-b")) {
            String message = assertThrows(IOException.class, () -> read(text)).getMessage();
            assertTrue(message.contains(folder.toString()) && message.contains("https://a:8443, https://b:8443"), message);
            assertFalse(message.contains("secret"), message);
        }
        assertThrows(IOException.class, () -> ServerKeys.read(Optional.of(folder.resolve("absent")), BOTH));
    }
}
