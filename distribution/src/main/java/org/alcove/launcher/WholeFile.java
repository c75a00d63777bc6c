package org.alcove.launcher;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** Writes small files whole or not at all; what is in the way is told in the words that the commands of bundles have for it. */
final class WholeFile {

    private WholeFile() {
    }

    /** Writes a file in place of the one that was there, which stays where that cannot be done. */
    static void write(Path file, String text) throws IOException {
        Path part = file.resolveSibling(file.getFileName() + ".part");
        try {
            append(part, text, Set.of(StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE));
            Files.move(part, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            Files.deleteIfExists(part);
            throw new IOException(words(file, e));
        }
    }

    /** Writes a file that nobody else can read from its first byte on, where there is none yet. */
    static void create(Path file, String text) throws IOException {
        try {
            append(file, text, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        } catch (FileAlreadyExistsException e) {
            throw new IOException(file + " exists already; choose another name, or sign with it by --key", e);
        } catch (IOException e) {
            Files.deleteIfExists(file);
            throw new IOException(words(file, e));
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

    private static String words(Path file, IOException failure) {
        String reason = failure instanceof FileSystemException named ? named.getReason() : failure.getMessage();
        return switch (failure) {
            case NoSuchFileException gone -> file + ": there is no folder " + file.getParent()
                    + "; make it first or choose another place";
            case AccessDeniedException denied -> file
                    + " cannot be read or written by this account; allow it or choose another place";
            default -> file + " cannot be written: " + ("No space left on device".equals(reason)
                    ? "no space is left on its disk; make room or choose another place" : reason);
        };
    }
}
