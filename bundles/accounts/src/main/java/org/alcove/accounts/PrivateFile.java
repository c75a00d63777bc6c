package org.alcove.accounts;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;

/** Writes files that only the account which runs the server can read, whole or not at all. */
public final class PrivateFile {

    private PrivateFile() {
    }

    /**
     * Writes a file in place of the one that was there; it is on the disk when this returns. Makes the folders that it needs.
     *
     * @throws IOException if that cannot be done; names the file, and nothing is left of what was written
     */
    public static void write(Path file, byte[] bytes) throws IOException {
        try {
            Path folder = file.toAbsolutePath().getParent();
            makeFolder(folder);
            replace(file, bytes);
            sync(folder);
        } catch (IOException e) {
            throw failure(file, e);
        }
    }

    private static void replace(Path file, byte[] bytes) throws IOException {
        Path part = part(file);
        Files.deleteIfExists(part);
        try (FileChannel channel = open(part, StandardOpenOption.CREATE_NEW)) {
            append(channel, bytes);
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            Files.deleteIfExists(part);
            throw e;
        }
    }

    /** Where a file is written before it takes its place; one that is there was left by a process that died. */
    public static Path part(Path file) {
        return file.resolveSibling(file.getFileName() + ".part");
    }

    /** Opens a file for writing; one that is made now is private from the first moment on. */
    static FileChannel open(Path file, StandardOpenOption... how) throws IOException {
        Set<StandardOpenOption> options = EnumSet.of(StandardOpenOption.WRITE, how);
        return FileChannel.open(file, options, owner(file, "rw-------"));
    }

    /** Writes all of it where the channel stands, to the disk. */
    static void append(FileChannel channel, byte[] bytes) throws IOException {
        for (ByteBuffer buffer = ByteBuffer.wrap(bytes); buffer.hasRemaining();) {
            channel.write(buffer);
        }
        channel.force(true);
    }

    /** Makes a folder that nobody else can look into, and those above it that are missing; one that is there stays as it is. */
    static void makeFolder(Path folder) throws IOException {
        if (Files.isDirectory(folder)) {
            return;
        }
        Path above = folder.toAbsolutePath().getParent();
        makeFolder(above);
        try {
            Files.createDirectory(folder, owner(folder, "rwx------"));
        } catch (FileAlreadyExistsException madeMeanwhile) {
            if (!Files.isDirectory(folder)) {
                throw madeMeanwhile;
            }
        }
        sync(above);
    }

    private static FileAttribute<?>[] owner(Path path, String rights) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(rights))}
                : new FileAttribute<?>[0];
    }

    /** A new name is on the disk only once its folder is. */
    private static void sync(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /** What a channel throws does not name its file. */
    static IOException failure(Path file, IOException cause) {
        String reason = cause instanceof FileSystemException named ? named.getReason() : cause.getMessage();
        FileSystemException failure = new FileSystemException(file.toString(), null,
                "cannot be written: " + (reason == null ? cause.toString() : reason));
        failure.initCause(cause);
        return failure;
    }
}
