package org.alcove.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.osgi.framework.BundleException;

class DataFolderTest {

    private static final int BYTES = 1_500_000;

    @TempDir
    Path folder;

    @Test
    void whatIsTriedIsGoneAfterwards() throws IOException {
        try (DataFolder data = DataFolder.open(folder.resolve("a/b"))) {
            data.requireRoom(BYTES);
            assertTrue(data.hasRoom(1));
            assertFalse(Files.exists(folder.resolve("a/b/trial")));
        }
    }

    @Test
    void aNewFolderIsForThisAccountAloneAndAnOldOneKeepsItsRights() throws IOException {
        DataFolder.open(folder.resolve("new")).close();
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("new"))));
        Files.setPosixFilePermissions(folder.resolve("new"), PosixFilePermissions.fromString("rwxr-x---"));
        DataFolder.open(folder.resolve("new")).close();
        assertEquals("rwxr-x---", PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("new"))));
    }

    /** Linux has a device that is always full. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void aFullFolderIsNamedWithTheReasonAndBothNumbers() throws IOException {
        Files.createSymbolicLink(folder.resolve("trial"), Path.of("/dev/full"));
        try (DataFolder data = DataFolder.open(folder)) {
            assertFalse(data.hasRoom(Long.MAX_VALUE));
            String message = assertThrows(IOException.class, () -> data.requireRoom(BYTES)).getMessage();
            String reason = "the data folder " + folder + " cannot be written: No space left on device (";
            assertTrue(message.startsWith(reason), message);
            assertTrue(message.endsWith(" MB free, a start writes 1.5 MB); make room or give another by --data"), message);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"admin", "fileinstall"})
    void aFileInThePlaceOfAFolderThatIsNeededIsNamedBeforeAnythingIsWritten(String name) throws IOException {
        Path file = Files.createFile(folder.resolve(name));
        String message = assertThrows(IOException.class, () -> DataFolder.open(folder)).getMessage();
        assertEquals("the data folder " + folder + " cannot be written: " + file
                + " is no folder; correct that or give another by --data", message);
        Files.delete(file);
        DataFolder.open(folder).close();
    }

    @Test
    void aFileInThePlaceOfTheFolderIsNamed() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));
        String message = assertThrows(IOException.class, () -> DataFolder.open(file)).getMessage();
        assertEquals("the data folder " + file + " cannot be written: " + file
                + " is no folder; correct that or give another by --data", message);
    }

    @Test
    void whatWasAtTheBottomOfAFailureIsToldToo() {
        IOException root = new IOException("No space left on device");
        assertEquals("Unable to cache bundle: x.jar: No space left on device",
                Launcher.reason(new BundleException("Unable to cache bundle: x.jar", root)));
        assertEquals("No space left on device", Launcher.reason(new IOException("No space left on device", root)));
        assertEquals("x", Launcher.reason(new BundleException("x", new IOException())));
    }
}
