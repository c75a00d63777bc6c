package org.alcove.accounts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrivateFileTest {

    @TempDir
    Path folder;

    private static String rights(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    @Test
    void foldersThatAreMadeForAFileAreTheOwnersAloneAndThoseThatAreThereStayAsTheyAre() throws IOException {
        Path there = Files.createDirectory(folder.resolve("data"));
        Files.setPosixFilePermissions(there, PosixFilePermissions.fromString("rwxr-xr-x"));
        PrivateFile.write(there.resolve("admin/plugins/list.json"), new byte[] {1});
        assertEquals("rwx------", rights(there.resolve("admin")));
        assertEquals("rwx------", rights(there.resolve("admin/plugins")));
        assertEquals("rw-------", rights(there.resolve("admin/plugins/list.json")));
        assertEquals("rwxr-xr-x", rights(there));
    }

    @Test
    void aWriteThatFailsLeavesNothingAndSaysWhichFile() throws IOException {
        Path file = folder.resolve("policy.json");
        Path within = Files.createFile(Files.createDirectory(file).resolve("in the way"));
        IOException failed = assertThrows(IOException.class, () -> PrivateFile.write(file, new byte[] {1}));
        assertTrue(failed.getMessage().startsWith(file + ": cannot be written: "), failed.getMessage());
        try (Stream<Path> left = Files.list(folder)) {
            assertEquals(List.of(file), left.toList());
        }
        assertTrue(Files.exists(within));
    }
}
