package org.alcove.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.alcove.cluster.wire.Secret;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MembershipTest {

    @TempDir
    Path folder;

    private Options parse(Path secret) {
        return Options.parse(Role.CONTROLLER, List.of("--cluster-secret", secret.toString()), Optional.empty());
    }

    private Path written(byte[] content) throws IOException {
        return Files.write(folder.resolve("secret"), content);
    }

    private String refusal(String content) throws IOException {
        Path file = written(content.getBytes(StandardCharsets.UTF_8));
        assertThrows(IOException.class, () -> Secret.read(file), "the cluster refuses it, too");
        String message = assertThrows(UsageException.class, () -> parse(file)).getMessage();
        assertTrue(message.startsWith("--cluster-secret " + file) && !message.contains("\n"), message);
        return message;
    }

    @Test
    void aSecretThatTheClusterDoesNotTakeIsRefusedBeforeTheStart() throws IOException {
        assertTrue(refusal("").contains("a secret of 0 characters; at least 16"));
        assertTrue(refusal("  fifteen-letters \n").contains("a secret of 15 characters; at least 16"));
        assertTrue(refusal("sixteen-letters-\nand-more-of-them").contains("printable ASCII"));
        assertTrue(refusal("a secret of some words").contains("printable ASCII"));
        assertTrue(refusal("ein-Geheimnis-f\u00fcr-viele").contains("printable ASCII"));
        assertTrue(refusal("x".repeat(4097)).contains("has 4097 bytes, at most 4096"));
        Path latin = written("ein-Geheimnis-f\u00fcr-viele".getBytes(StandardCharsets.ISO_8859_1));
        assertThrows(IOException.class, () -> Secret.read(latin));
        assertThrows(UsageException.class, () -> parse(latin));
    }

    @Test
    void aSecretThatTheClusterTakesIsTaken() throws IOException {
        for (String good : List.of("sixteen-letters-", "\r\n sixteen-letters-\n", "x".repeat(4096))) {
            Path file = written(good.getBytes(StandardCharsets.UTF_8));
            Secret.read(file);
            assertEquals(Optional.of(file), parse(file).membership().secret());
            String greeting = Greeting.of(parse(file), "http://c:1", 1);
            assertTrue(greeting.contains(" worker --controller http://c:1 --cluster-secret secret --model PATH"), greeting);
        }
    }
}
