package org.alcove.weights.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.alcove.weights.Weights;
import org.alcove.weights.sample.CapturedLog;
import org.alcove.weights.store.InterleavedCopies.CopySettings;
import org.junit.jupiter.api.Test;

/** What else lies in the folder of copies, and who may read it. */
class CopyFolderTest extends CopiesFixture {

    private static final String PART = CopyFile.SUFFIX + ".part";

    @Test
    void aPartWhoseWriterIsGoneIsDeletedWithALineInTheLog() throws Exception {
        Path part = part("gone", 1000);
        try (CapturedLog log = new CapturedLog(CopyFolder.class)) {
            hasten(copies, 0);
            assertTrue(Files.notExists(part));
            assertEquals(List.of("INFO The unfinished copy gone" + PART + " is deleted: nobody writes it any more"), log.lines());
        }
        part = part("later", 1000);
        hasten(copies, 0);
        assertTrue(Files.notExists(part), "deleted as well where the copy is there already");
    }

    @Test
    void aPartThatIsBeingWrittenStaysAndTakesItsRoom() throws Exception {
        Path mine = model;
        model = Files.copy(mine, folder.resolve("old.gguf"));
        hasten(copies, 0);
        Path old = onlyCopy();
        Files.setLastModifiedTime(old, FileTime.fromMillis(1));
        long size = Files.size(old);
        model = mine;
        Path part = part("busy", 1000);
        try (FileChannel channel = FileChannel.open(copies.resolve("busy" + CopyFile.SUFFIX + ".lock"), StandardOpenOption.CREATE,
                StandardOpenOption.WRITE); FileLock held = channel.lock()) {
            assertTrue(held.isValid());
            try (CapturedLog log = new CapturedLog(CopyFolder.class)) {
                make(2 * size + 999);
                assertTrue(Files.exists(part));
                assertEquals(List.of("INFO The copy " + old.getFileName() + " is deleted: others were used later"), log.lines());
            }
        }
    }

    @Test
    void theCopyOfAPrivateModelCanBeReadByItsOwnerOnly() throws Exception {
        assumeTrue(folder.getFileSystem().supportedFileAttributeViews().contains("posix"));
        Files.setPosixFilePermissions(model, PosixFilePermissions.fromString("rw-r-----"));
        hasten(copies, 0);
        assertEquals("rw-------", permissions(onlyCopy()));
        assertEquals("rwx------", permissions(copies));
        Files.setPosixFilePermissions(onlyCopy(), PosixFilePermissions.fromString("rw-r--r--"));
        hasten(copies, 0);
        assertEquals("rw-------", permissions(onlyCopy()), "one that an earlier version left open");
    }

    @Test
    void theCopyOfAPublicModelIsAsPublicAsTheAccountMakesFiles() throws Exception {
        assumeTrue(folder.getFileSystem().supportedFileAttributeViews().contains("posix"));
        Files.setPosixFilePermissions(model, PosixFilePermissions.fromString("rw-r--r--"));
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
        hasten(copies, 0);
        assertEquals("rw-------", permissions(onlyCopy()), "nobody else reaches the model");
        Files.delete(onlyCopy());
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        hasten(copies, 0);
        assertEquals(permissions(Files.createFile(folder.resolve("any"))), permissions(onlyCopy()));
    }

    private static String permissions(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    private Path part(String name, int bytes) throws IOException {
        Files.createDirectories(copies);
        return Files.write(copies.resolve(name + PART), new byte[bytes]);
    }

    private void make(long folderBytes) throws Exception {
        InterleavedCopies making = new InterleavedCopies(new CopySettings(true, copies, folderBytes, 0, 0), () -> 1 << 20);
        try (Weights weights = open(making, kernel)) {
            weights.hasten();
            making.await();
        }
    }
}
