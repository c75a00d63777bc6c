package org.alcove.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PackageLockTest {

    private static final String DIGEST = "ba4f88f73dbc3ae9055f3c20f4523bfdbaf1ad13ff95e258924f77d20b4fbedf";

    @TempDir
    Path folder;

    @Test
    void whatIsWrittenIsReadAgain() throws IOException, ImageException {
        PackageLock lock = new PackageLock(List.of(new DebianPackage("libc6", "2.36-9+deb12u14", DIGEST)));
        Path file = folder.resolve("packages.lock");
        lock.write(file);
        assertEquals(lock, PackageLock.read(file));
    }

    @Test
    void theLockFileOfTheTreeNamesTheCLibrary() throws IOException, ImageException {
        List<DebianPackage> packages = PackageLock.read(Path.of("packages.lock")).packages();
        assertTrue(packages.stream().anyMatch(it -> it.name().equals("libc6")), packages.toString());
        assertTrue(packages.stream().noneMatch(it -> it.sha256().equals("0".repeat(64))), packages.toString());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            libc6 2.36                   | 2 words instead of 3
            libc6 2.36 abc               | 'abc' is no SHA-256
            LIBC 2.36 DIGEST             | 'LIBC' is no name
            libc6 --purge DIGEST         | '--purge' is no version
            --allow 2.36 DIGEST          | '--allow' is no name
            """)
    void aLineThatMakesNoSenseIsNamed(String line, String said) throws IOException {
        Path file = Files.writeString(folder.resolve("packages.lock"), "# head\n" + line.replace("DIGEST", DIGEST) + "\n");
        String message = assertThrows(ImageException.class, () -> PackageLock.read(file)).getMessage();
        assertTrue(message.contains("line 2") && message.contains(said), message);
    }
}
