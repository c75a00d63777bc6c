package org.alcove.image;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DebianArchiveTest {

    /** Of a package that Debian has not, so that nothing is downloaded, with apt and without. */
    @Test
    void whatWasDownloadedForAnEarlierUpdateIsNotTakenForWhatDebianHasNow(@TempDir Path work) throws IOException {
        DebianPackage locked = new DebianPackage("alcove-has-no-such-package", "1.0-1", "0".repeat(64));
        Path folder = Files.createDirectories(work.resolve("archives").resolve(locked.name()));
        Path earlier = Files.writeString(folder.resolve(locked.name() + "_1.0-1_amd64.deb"), "of a month ago");
        String said = assertThrows(ImageException.class,
                () -> new DebianArchive(work).current(new PackageLock(List.of(locked)))).getMessage();
        assertTrue(said.contains("package " + locked.name() + " cannot be had"), said);
        assertFalse(Files.exists(earlier), "it would be locked again");
    }
}
