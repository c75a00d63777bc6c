package org.alcove.launcher;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;

/** The folder of what outlives the process, which one process uses at a time. */
final class DataFolder implements AutoCloseable {

    /** Of accounts, keys and the audit. */
    static final String ADMIN = "admin";
    /** Without these nothing would answer, or nobody could sign in. */
    private static final List<String> FOLDERS = List.of(ADMIN, "fileinstall");
    private static final int CHUNK_BYTES = 64 * 1024;
    private static final FileAttribute<?> OWN =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private final Path folder;
    private final FileChannel channel;

    private DataFolder(Path folder, FileChannel channel) {
        this.folder = folder;
        this.channel = channel;
    }

    /**
     * Makes the folder if it is not there, for this account alone, and keeps other processes out of it.
     *
     * @throws UsageException if another process uses it
     * @throws IOException if it cannot be written; the message is for people
     */
    static DataFolder open(Path folder) throws IOException {
        FileChannel channel;
        try {
            if (!Files.isDirectory(folder)) {
                Files.createDirectories(folder.toAbsolutePath().getParent());
                Files.createDirectory(folder, OWN);
            }
            channel = FileChannel.open(folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            for (String name : FOLDERS) {
                Path inside = folder.resolve(name);
                if (Files.exists(inside, LinkOption.NOFOLLOW_LINKS) && !Files.isDirectory(inside)) {
                    channel.close();
                    throw new FileAlreadyExistsException(inside.toString());
                }
            }
        } catch (IOException unwritable) {
            throw unwritable(folder, unwritable, "");
        }
        // Held until the channel is closed.
        FileLock lock = channel.tryLock();
        if (lock == null) {
            channel.close();
            throw new UsageException("another Alcove uses the folder " + folder + "; stop it or choose another --data");
        }
        return new DataFolder(folder, channel);
    }

    /** Whether there is room, by what the file system says; some count otherwise than they let write, or say nothing. */
    boolean hasRoom(long bytes) {
        return free().orElse(0) >= bytes;
    }

    /**
     * Tries whether there is room.
     *
     * @param bytes how much a start writes
     * @throws IOException if there is not; the message is for people
     */
    void requireRoom(long bytes) throws IOException {
        Path trial = folder.resolve("trial");
        try (FileChannel out = FileChannel.open(trial, StandardOpenOption.CREATE, StandardOpenOption.WRITE,
                StandardOpenOption.TRUNCATE_EXISTING)) {
            for (long left = bytes; left > 0;) {
                left -= out.write(ByteBuffer.allocate((int) Math.min(left, CHUNK_BYTES)));
            }
        } catch (IOException full) {
            Files.deleteIfExists(trial);
            String free = free().isPresent() ? String.format(Locale.ROOT, "%.1f MB free, ", free().getAsLong() / 1e6) : "";
            throw unwritable(folder, full, String.format(Locale.ROOT, " (%sa start writes %.1f MB)", free, bytes / 1e6));
        }
        Files.delete(trial);
    }

    private OptionalLong free() {
        try {
            return OptionalLong.of(Files.getFileStore(folder).getUsableSpace());
        } catch (IOException unknown) {
            return OptionalLong.empty();
        }
    }

    private static IOException unwritable(Path folder, IOException cause, String numbers) {
        return new IOException("the data folder " + folder + " cannot be written: " + reason(cause) + numbers
                + (numbers.isEmpty() ? "; correct that" : "; make room") + " or give another by --data");
    }

    /** Some of these say no more than the file's name. */
    private static String reason(IOException cause) {
        return switch (cause) {
            case AccessDeniedException denied -> "no permission for " + denied.getFile();
            case FileAlreadyExistsException there -> there.getFile() + " is no folder";
            case FileSystemException it when it.getReason() != null -> it.getReason();
            default -> cause.getMessage();
        };
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
