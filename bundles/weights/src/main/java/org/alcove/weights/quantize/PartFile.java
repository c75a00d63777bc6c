package org.alcove.weights.quantize;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.alcove.commandline.FileFailure;

/**
 * A file that is written under a temporary name ({@code .part}) and gets its own name once it is whole and on the disk. Whatever
 * happens before that, a crash included, leaves at most the temporary file, which the next attempt overwrites.
 */
public final class PartFile implements Closeable {

    private final PartName name;
    private final FileChannel channel;

    /**
     * Begins to write a file.
     *
     * @param target must not exist, its folder must
     * @param bytes how large it will be
     */
    public PartFile(Path target, long bytes) throws IOException {
        requireFree(target);
        this.name = new PartName(target, bytes, this::delete);
        try {
            this.channel = FileChannel.open(name.path(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw name.failure(e);
        }
        try {
            if (!locked()) {
                throw new IOException(name.path()
                        + " is being written by another process; wait for it or choose another target");
            }
            channel.truncate(0);
            name.begin();
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    /**
     * Sees whether a target can be begun.
     *
     * @throws IOException if there is something of its name, or no folder that it can be in; says what to do
     */
    public static void requireFree(Path target) throws IOException {
        PartName.requireFree(target);
        Path folder = target.toAbsolutePath().getParent();
        if (!Files.isDirectory(folder)) {
            throw FileFailure.of(target, new NoSuchFileException(target.toString()), "");
        }
        if (!Files.isWritable(folder)) {
            throw FileFailure.of(target, new AccessDeniedException(target.toString()), "");
        }
    }

    private void delete() throws IOException {
        Files.deleteIfExists(name.path());
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
        try {
            while (source.hasRemaining()) {
                position += channel.write(source, position);
            }
        } catch (IOException e) {
            throw name.failure(e);
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
        try {
            channel.force(true);
        } catch (IOException e) {
            throw name.failure(e);
        }
        name.complete();
        try (FileChannel folder = FileChannel.open(name.target().getParent(), StandardOpenOption.READ)) {
            folder.force(true);
        }
    }

    /** Ends writing; a file that is not complete is deleted. */
    @Override
    public void close() throws IOException {
        name.close();
        channel.close();
    }
}
