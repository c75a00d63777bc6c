package org.alcove.weights.quantize;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * A file that is written under a temporary name ({@code .part}) and gets its own name once it is whole and on the disk. Whatever
 * happens before that, a crash included, leaves at most the temporary file, which the next attempt overwrites.
 */
public final class PartFile implements Closeable {

    private static final String SUFFIX = ".part";

    private final Path target;
    private final Path part;
    private final FileChannel channel;
    private boolean complete;

    /** Begins to write {@code target}, which must not exist. */
    public PartFile(Path target) throws IOException {
        this.target = target.toAbsolutePath();
        this.part = this.target.resolveSibling(this.target.getFileName() + SUFFIX);
        if (Files.exists(this.target)) {
            throw new IOException(target + " exists already; delete it or choose another target");
        }
        this.channel = FileChannel.open(part, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            if (!locked()) {
                throw new IOException(part + " is being written by another process; wait for it or choose another target");
            }
            channel.truncate(0);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    private boolean locked() throws IOException {
        try {
            FileLock lock = channel.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException here) {
            return false;
        }
    }

    /** Writes all bytes of {@code source} at an offset. Thread-safe. */
    public void write(long offset, ByteBuffer source) throws IOException {
        long position = offset;
        while (source.hasRemaining()) {
            position += channel.write(source, position);
        }
    }

    /** Makes the file at least that long; what was never written reads as zeros. */
    public void extendTo(long size) throws IOException {
        if (channel.size() < size) {
            write(size - 1, ByteBuffer.allocate(1));
        }
    }

    /** Brings everything to the disk and gives the file its name. */
    public void complete() throws IOException {
        channel.force(true);
        Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
        complete = true;
        try (FileChannel folder = FileChannel.open(target.getParent(), StandardOpenOption.READ)) {
            folder.force(true);
        }
    }

    /** Ends writing; a file that is not complete is deleted. */
    @Override
    public void close() throws IOException {
        if (!complete) {
            Files.deleteIfExists(part);
        }
        channel.close();
    }
}
