package org.alcove.chat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Conversations that readers chose to keep here: a folder for each reader's box, a sealed file for each conversation, written
 * whole or not at all. What is deleted is gone from the folder when the method returns. Thread-safe.
 */
final class ConversationStore {

    /** Most bytes of one conversation. */
    static final int LARGEST = 4 << 20;
    /** Most conversations of one reader. */
    static final int MOST = 1000;

    private static final Logger LOG = LoggerFactory.getLogger(ConversationStore.class);
    private static final String ENDING = ".sealed";
    private static final String PART = ".part";

    private final Path root;
    private final long room;

    /**
     * In a folder.
     *
     * @param room most bytes of all
     */
    ConversationStore(Path root, long room) {
        this.root = root;
        this.room = room;
    }

    /** All conversations of a box; one that is damaged is left out, and said in the log. */
    synchronized List<byte[]> all(Seal seal) throws IOException {
        List<byte[]> found = new ArrayList<>();
        for (Path file : files(root.resolve(seal.box()))) {
            try {
                found.add(seal.open(name(file), Files.readAllBytes(file)));
            } catch (IOException e) {
                LOG.warn("The kept conversation {} cannot be read: {}", file, e.getMessage());
            }
        }
        return found;
    }

    synchronized void put(Seal seal, String name, byte[] text) throws IOException, StoreException {
        Path box = root.resolve(seal.box());
        Path file = box.resolve(name + ENDING);
        byte[] sealed = seal.close(name, text);
        boolean there = Files.exists(file);
        if (!there && files(box).size() >= MOST) {
            throw new StoreException(409, "the server keeps " + MOST + " conversations of one reader; delete some");
        }
        long taken = taken() - (there ? Files.size(file) : 0);
        if (taken + sealed.length > room) {
            throw new StoreException(507, "the conversations kept on the server take " + taken + " bytes of " + room
                    + ", and this one would take " + sealed.length + "; delete some, or ask who runs the server for more");
        }
        Files.createDirectories(box, owner("rwx------", box));
        Path part = box.resolve(name + PART);
        Files.deleteIfExists(part);
        try (FileChannel channel = FileChannel.open(part,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), owner("rw-------", box))) {
            for (ByteBuffer buffer = ByteBuffer.wrap(sealed); buffer.hasRemaining();) {
                channel.write(buffer);
            }
            channel.force(true);
        }
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        sync(box);
    }

    synchronized void remove(Seal seal, String name) throws IOException {
        Path box = root.resolve(seal.box());
        Files.deleteIfExists(box.resolve(name + PART));
        if (Files.deleteIfExists(box.resolve(name + ENDING))) {
            sync(box);
        }
    }

    synchronized void removeAll(Seal seal) throws IOException {
        Path box = root.resolve(seal.box());
        if (Files.isDirectory(box)) {
            for (Path file : listed(box)) {
                Files.delete(file);
            }
            Files.delete(box);
            sync(root);
        }
    }

    private long taken() throws IOException {
        long sum = 0;
        if (Files.isDirectory(root)) {
            for (Path box : listed(root)) {
                for (Path file : listed(box)) {
                    sum += Files.size(file);
                }
            }
        }
        return sum;
    }

    private static List<Path> files(Path box) throws IOException {
        return Files.isDirectory(box) ? listed(box).stream().filter(file -> file.toString().endsWith(ENDING)).toList()
                : List.of();
    }

    private static List<Path> listed(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        }
    }

    private static String name(Path file) {
        String name = file.getFileName().toString();
        return name.substring(0, name.length() - ENDING.length());
    }

    private static FileAttribute<?>[] owner(String rights, Path at) {
        return at.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(rights))}
                : new FileAttribute<?>[0];
    }

    /** A name is on the disk, or off it, only once its folder is. */
    private static void sync(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
