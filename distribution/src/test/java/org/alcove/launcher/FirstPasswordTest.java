package org.alcove.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FirstPasswordTest {

    @Test
    void itIsToldOnceAndThenNowhere(@TempDir Path data) throws IOException {
        Path file = Files.createDirectories(data.resolve("admin")).resolve("first-password");
        Files.writeString(file.resolveSibling("accounts.json"), "{}");
        assertEquals("", FirstPassword.take(data, "http://127.0.0.1:8080"));
        Files.writeString(file, "open sesame\n");
        String told = FirstPassword.take(data, "http://127.0.0.1:8080");
        assertTrue(told.startsWith("The console is at http://127.0.0.1:8080/admin/ for the name admin with the password "
                + "open sesame\n"), told);
        assertFalse(Files.exists(file));
        assertEquals("", FirstPassword.take(data, "http://127.0.0.1:8080"));
    }
}
