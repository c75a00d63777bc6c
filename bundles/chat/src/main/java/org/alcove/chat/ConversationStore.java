package org.alcove.chat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import org.alcove.accounts.PrivateFile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Conversations that readers chose to keep here: a folder for each reader's box, a sealed file for each conversation, written
 * whole or not at all. What is deleted is gone from the folder when the method returns. Thread-safe: one writes at a time, and
 * whoever reads waits for nobody, for a file is always that of one writer.
 *
 * <p>A conversation has a revision, another one each time it is written: the random bytes that its seal begins with.
 */
final class ConversationStore {

    /** Most bytes of one conversation. */
    static final int LARGEST = 4 << 20;
    /** Most conversations of one reader. */
    static final int MOST = 1000;
    /** Most boxes of all readers. */
    static final int BOXES = 10_000;

    private static final Logger LOG = LoggerFactory.getLogger(ConversationStore.class);
    private static final String ENDING = ".sealed";

    private final Path root;
    private final DiskRoom room;

    /**
     * In a folder.
     *
     * @param room of the disk that all may take
     */
    ConversationStore(Path root, DiskRoom room) {
        this.root = root;
        this.room = room;
    }

    /**
     * A conversation as it is kept.
     *
     * @param revision in hexadecimal
     */
    record Kept(String revision, byte[] text) {
    }

    /**
     * What a writer knows of what is there.
     *
     * @param any whether it writes in any case
     * @param revision that it read, where it did not; empty: there was none
     */
    record Known(boolean any, Optional<String> revision) {

        private void check(Optional<String> there) throws StoreException {
            if (!any && !revision.equals(there)) {
                throw new StoreException(412, "the conversation was changed by somebody else: " + told(revision)
                        + " was expected and " + told(there) + " is there; read it again, and write what both wrote");
            }
        }

        private static String told(Optional<String> revision) {
            return revision.map(it -> "revision " + it).orElse("none");
        }
    }

    /** Takes conversations one at a time. */
    @FunctionalInterface
    interface Reader {

        void take(byte[] text) throws IOException;
    }

    /** Reads all conversations of a box, each when the one before was taken; a damaged one is left out, and said in the log. */
    void each(Seal seal, Reader reader) throws IOException {
        for (Path file : files(root.resolve(seal.box()))) {
            Optional<Kept> kept;
            try {
                kept = read(seal, file);
            } catch (IOException e) {
                LOG.warn("The kept conversation {} cannot be read: {}", file, e.getMessage());
                continue;
            }
            if (kept.isPresent()) {
                reader.take(kept.get().text());
            }
        }
    }

    /** One conversation; empty where there is none. */
    Optional<Kept> one(Seal seal, String name) throws IOException {
        return read(seal, file(seal, name));
    }

    private static Optional<Kept> read(Seal seal, Path file) throws IOException {
        byte[] sealed;
        try {
            sealed = Files.readAllBytes(file);
        } catch (NoSuchFileException deleted) {
            return Optional.empty();
        }
        return Optional.of(new Kept(Seal.revision(sealed), seal.open(name(file), sealed)));
    }

    /** Writes a conversation, if what is there is what the writer knows; returns its revision. */
    String put(Seal seal, String name, byte[] text, Known known) throws IOException, StoreException {
        byte[] sealed = seal.close(name, text);
        write(file(seal, name), sealed, known);
        return Seal.revision(sealed);
    }

    private synchronized void write(Path file, byte[] sealed, Known known) throws IOException, StoreException {
        Path box = file.getParent();
        Optional<String> there = revision(file);
        known.check(there);
        if (there.isEmpty() && files(box).size() >= MOST) {
            throw new StoreException(409, "the server keeps " + MOST + " conversations of one reader; delete some");
        }
        room.take(sealed.length, there.isPresent() ? Files.size(file) : 0, !Files.isDirectory(box));
        Path part = PrivateFile.part(file);
        try {
            if (Files.exists(part)) {
                delete(part);
            }
            PrivateFile.write(file, sealed);
        } catch (IOException e) {
            room.forget();
            throw e;
        }
    }

    private static Optional<String> revision(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return Optional.of(Seal.revision(in.readNBytes(Seal.NONCE)));
        } catch (NoSuchFileException absent) {
            return Optional.empty();
        }
    }

    /** Deletes a conversation, if what is there is what the one who deletes knows. */
    synchronized void remove(Seal seal, String name, Known known) throws IOException, StoreException {
        Path file = file(seal, name);
        known.check(revision(file));
        Path box = file.getParent();
        for (Path gone : List.of(PrivateFile.part(file), file)) {
            if (Files.exists(gone)) {
                delete(gone);
                sync(box);
            }
        }
        if (files(box).isEmpty()) {
            // With what a process that died left of writing others.
            removeAll(seal);
        }
    }

    synchronized void removeAll(Seal seal) throws IOException {
        Path box = root.resolve(seal.box());
        for (Path file : DiskRoom.listed(box)) {
            delete(file);
        }
        if (Files.isDirectory(box)) {
            deleteBox(box);
        }
    }

    private void delete(Path file) throws IOException {
        long bytes = Files.size(file);
        Files.delete(file);
        room.give(bytes);
    }

    private void deleteBox(Path box) throws IOException {
        Files.delete(box);
        room.giveBox();
        sync(root);
    }

    private Path file(Seal seal, String name) {
        return root.resolve(seal.box()).resolve(name + ENDING);
    }

    private static List<Path> files(Path box) throws IOException {
        return DiskRoom.listed(box).stream().filter(file -> file.toString().endsWith(ENDING)).toList();
    }

    private static String name(Path file) {
        String name = file.getFileName().toString();
        return name.substring(0, name.length() - ENDING.length());
    }

    /** A name is off the disk only once its folder is. */
    private static void sync(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
