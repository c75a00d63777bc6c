package org.alcove.commandline;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** Writes small files whole or not at all. */
public final class WholeFile {

    private WholeFile() {
    }

    /**
     * Writes a file in place of the one that was there.
     *
     * @throws FileFailure if that cannot be done; the one that was there stays, and nothing else
     */
    public static void write(Path file, String text) throws IOException {
        Path part = file.resolveSibling(file.getFileName() + ".part");
        try {
            append(part, text, Set.of(StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE));
            Files.move(part, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            Files.deleteIfExists(part);
            throw FileFailure.of(file, e, "");
        }
    }

    /**
     * Writes a file that nobody else can read, where there is none yet.
     *
     * @throws FileFailure if that cannot be done; no file is left of it
     */
    public static void create(Path file, String text) throws IOException {
        FileAttribute<?>[] own = file.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))}
                : new FileAttribute<?>[0];
        try {
            append(file, text, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), own);
        } catch (FileAlreadyExistsException e) {
            throw FileFailure.of(file, e, "");
        } catch (IOException e) {
            Files.deleteIfExists(file);
            throw FileFailure.of(file, e, "");
        }
    }

    private static void append(Path file, String text, Set<? extends OpenOption> how, FileAttribute<?>... attributes)
            throws IOException {
        try (FileChannel channel = FileChannel.open(file, how, attributes)) {
            for (ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)); bytes.hasRemaining();) {
                channel.write(bytes);
            }
            channel.force(true);
        }
    }
}
