package org.alcove.commandline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class WholeFileTest {

    @TempDir
    private Path folder;
    private Path file;

    @BeforeEach
    void name() {
        file = folder.resolve("it");
    }

    private List<String> left() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(each -> each.getFileName().toString()).toList();
        }
    }

    @Test
    void aFileTakesThePlaceOfTheOneThatWasThereOrLeavesIt() throws IOException {
        WholeFile.write(file, "one");
        WholeFile.write(file, "two");
        assertEquals("two", Files.readString(file));
        assumeTrue(Files.exists(Path.of("/dev/full")), "SKIPPED: there is no /dev/full");
        Files.createSymbolicLink(folder.resolve("it.part"), Path.of("/dev/full"));
        assertEquals(file + " cannot be written: no space is left on its disk; make room or choose another place",
                assertThrows(FileFailure.class, () -> WholeFile.write(file, "three")).getMessage());
        assertEquals("two", Files.readString(file));
        assertEquals(List.of("it"), left());
    }

    @Test
    void aNewFileIsItsOwnersAloneAndNeverWrittenOver() throws IOException {
        WholeFile.create(file, "secret");
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        assertEquals(file + " exists already; delete it or choose another name",
                assertThrows(FileFailure.class, () -> WholeFile.create(file, "other")).getMessage());
        assertEquals("secret", Files.readString(file));
    }

    /** What a process does that makes a file and may not write to it. */
    static final class FullProcess {

        private FullProcess() {
        }

        public static void main(String[] arguments) throws IOException {
            WholeFile.create(Path.of(arguments[0]), "secret");
        }
    }

    @Test
    @Timeout(60)
    void aNewFileThatCannotBeWrittenIsNotInTheWayOfTheNext() throws Exception {
        assumeTrue(Files.exists(Path.of("/bin/sh")), "SKIPPED: there is no shell");
        Process process = new ProcessBuilder("/bin/sh", "-c", "ulimit -f 0 && exec \"$@\"", "sh",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:-UsePerfData", "-cp",
                System.getProperty("java.class.path"), FullProcess.class.getName(), file.toString()).start();
        String told = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(1, process.waitFor(), told);
        assertEquals(file + " cannot be written: File too large", told.lines().findFirst().orElse("").replaceFirst(".*?: ", ""));
        assertEquals(List.of(), left());
    }
}
