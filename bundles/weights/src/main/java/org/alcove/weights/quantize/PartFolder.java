package org.alcove.weights.quantize;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * A folder that is written under a temporary name ({@code .part}) and gets its own name once it is whole and on the disk.
 * Whatever happens before that, a crash included, leaves at most the temporary folder, which the next attempt empties. A folder
 * of that name that holds anything an attempt would not write is left alone.
 */
final class PartFolder implements Closeable {

    private static final String LOCK = ".lock";
    /** Everything a model's folder is made of. */
    private static final Pattern OWN = Pattern.compile("\\.lock|model[-\\w]*\\.safetensors|[\\w.]+\\.json|tokenizer\\.model"
            + "|chat_template\\.jinja|merges\\.txt");

    private final PartName name;
    private final Path part;
    private final FileChannel lock;
    private final Map<String, FileChannel> files = new LinkedHashMap<>();

    /**
     * Begins to write a folder.
     *
     * @param target must not exist
     * @param bytes how large it will be, or a little larger
     */
    PartFolder(Path target, long bytes) throws IOException {
        this.name = new PartName(target, bytes, this::delete);
        this.part = name.path();
        PartName.requireFree(target);
        requireOwn();
        Files.createDirectories(part);
        this.lock = FileChannel.open(part.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            if (!locked()) {
                throw new IOException(part + " is being written by another process; wait for it or choose another target");
            }
            clear();
            name.begin();
        } catch (IOException e) {
            lock.close();
            throw e;
        }
    }

    private void requireOwn() throws IOException {
        if (Files.exists(part, LinkOption.NOFOLLOW_LINKS)) {
            for (Path file : list()) {
                if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                        || !OWN.matcher(file.getFileName().toString()).matches()) {
                    throw new IOException(part + " is in the way and holds " + file.getFileName()
                            + ", which no model's folder has; move it or choose another target");
                }
            }
        }
    }

    private boolean locked() throws IOException {
        try {
            return lock.tryLock() != null;
        } catch (OverlappingFileLockException here) {
            return false;
        }
    }

    private List<Path> list() throws IOException {
        List<Path> found = new ArrayList<>();
        if (!Files.isDirectory(part, LinkOption.NOFOLLOW_LINKS)) {
            throw new IOException(part + " is in the way and is no folder; move it or choose another target");
        }
        try (DirectoryStream<Path> listing = Files.newDirectoryStream(part)) {
            listing.forEach(found::add);
        }
        return found;
    }

    private void clear() throws IOException {
        for (Path file : list()) {
            if (!file.getFileName().toString().equals(LOCK)) {
                Files.delete(file);
            }
        }
    }

    private void delete() throws IOException {
        clear();
        Files.deleteIfExists(part.resolve(LOCK));
        Files.deleteIfExists(part);
    }

    /** Writes a small file whole. */
    void write(String file, byte[] bytes) throws IOException {
        write(file, 0, ByteBuffer.wrap(bytes));
    }

    /** Writes all bytes of {@code source} at an offset of a file. Thread-safe for files that were written to before. */
    void write(String file, long offset, ByteBuffer source) throws IOException {
        long position = offset;
        try {
            FileChannel channel = files.containsKey(file) ? files.get(file) : name.making(() -> open(file));
            while (source.hasRemaining()) {
                position += channel.write(source, position);
            }
        } catch (IOException e) {
            throw name.failure(e);
        }
    }

    private FileChannel open(String file) throws IOException {
        FileChannel channel =
                FileChannel.open(part.resolve(file), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        files.put(file, channel);
        return channel;
    }

    /** Brings everything to the disk and gives the folder its name. */
    void complete() throws IOException {
        try {
            for (FileChannel file : files.values()) {
                file.force(true);
            }
        } catch (IOException e) {
            throw name.failure(e);
        }
        Files.delete(part.resolve(LOCK));
        force(part);
        name.complete();
        force(name.target().getParent());
    }

    private static void force(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /** Ends writing; a folder that is not complete is deleted. */
    @Override
    public void close() throws IOException {
        for (FileChannel file : files.values()) {
            file.close();
        }
        name.close();
        lock.close();
    }
}
