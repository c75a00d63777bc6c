package org.alcove.accounts;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * A private file that is read again when it changes beside the running server, and written whole or not at all: whenever the
 * process dies, the file holds what stood in it before or what was written, and a part of it is no one's truth.
 *
 * @param <T> what stands in it
 */
final class KeptFile<T> {

    private final Path file;
    private final Reader<T> reader;
    private final T none;
    private String stamp = "";
    private T held;

    /**
     * Understands what stands in a file.
     *
     * @param <T> what that is
     */
    @FunctionalInterface
    interface Reader<T> {

        /** What it says; any exception where it makes no sense. */
        T read(byte[] bytes) throws IOException;
    }

    /** A file that need not be there yet; {@code none} is what an absent one says. */
    KeptFile(Path file, T none, Reader<T> reader) {
        this.file = file;
        this.none = none;
        this.reader = reader;
        this.held = none;
    }

    boolean isThere() {
        return Files.exists(file);
    }

    /**
     * What it says now.
     *
     * @throws IOException if it cannot be read, or makes no sense
     */
    synchronized T current() throws IOException {
        String now = stamp();
        if (!now.equals(stamp)) {
            held = now.isEmpty() ? none : understood();
            stamp = now;
        }
        return held;
    }

    private T understood() throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        try {
            return reader.read(bytes);
        } catch (RuntimeException e) {
            throw new IOException(file + " makes no sense: " + e.getMessage(), e);
        }
    }

    /** Writes it, and says from now on what these bytes mean. */
    synchronized void write(byte[] bytes, T meaning) throws IOException {
        PrivateFile.write(file, bytes);
        held = meaning;
        stamp = stamp();
    }

    @Override
    public String toString() {
        return file.toString();
    }

    /** Only a file that is not there counts as absent: one that may not be looked at is unreadable. */
    private String stamp() throws IOException {
        try {
            BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
            return now.lastModifiedTime() + " " + now.size() + " " + now.fileKey();
        } catch (NoSuchFileException absent) {
            return "";
        }
    }
}
