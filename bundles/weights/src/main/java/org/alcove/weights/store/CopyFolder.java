package org.alcove.weights.store;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folder of copies, shared by the processes of one account. One process makes a copy, under the lock of a file beside it; the
 * others wait for it in the background and map the same.
 */
final class CopyFolder {

    private static final Logger LOG = LoggerFactory.getLogger(CopyFolder.class);
    private static final String LOCK = ".lock";
    private static final FileAttribute<?> OWN =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private final Path folder;
    private final long maxBytes;

    CopyFolder(Path folder, long maxBytes) {
        this.folder = folder;
        this.maxBytes = maxBytes;
    }

    /**
     * The copies of a model, made where they are not there yet.
     *
     * @throws IOException if there are none and they cannot be made; says why
     */
    MappedFiles copies(byte[] key, long bytes, String model, CopyFile.Copies made, Arena arena) throws IOException {
        makeFolder();
        Path file = folder.resolve(HexFormat.of().formatHex(key, 0, 20) + CopyFile.SUFFIX);
        CopyFile copy = new CopyFile(file, key, bytes);
        Optional<MappedFiles> there = copy.map(arena);
        if (there.isEmpty()) {
            there = locked(file, () -> {
                Optional<MappedFiles> meanwhile = copy.map(arena);
                if (meanwhile.isEmpty()) {
                    makeRoom(file, bytes + CopyFile.HEADER);
                    copy.write(model, made);
                    meanwhile = copy.map(arena);
                }
                return meanwhile;
            });
        }
        MappedFiles copies = there.orElseThrow(
                () -> new IOException(file + " was damaged as soon as it was written; see to the disk"));
        if (!made.isPublic()) {
            hide(copy, file);
        }
        try {
            Files.setLastModifiedTime(file, FileTime.from(Instant.now()));
            removeVanished(file, model);
        } catch (IOException e) {
            LOG.debug("The folder of copies stays as it is: {}", e.getMessage());
        }
        return copies;
    }

    private <T> T locked(Path file, Work<T> work) throws IOException {
        try (FileChannel channel = openLock(file);
                var held = channel.lock()) {
            return work.run();
        } catch (OverlappingFileLockException e) {
            throw new IOException("another part of this process is writing " + file, e);
        }
    }

    private static FileChannel openLock(Path file) throws IOException {
        return FileChannel.open(lock(file), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    }

    private static Path lock(Path file) {
        return file.resolveSibling(file.getFileName() + LOCK);
    }

    /** Of whoever makes it: names in it tell which models there are. */
    private void makeFolder() throws IOException {
        if (!Files.isDirectory(folder)) {
            boolean posix = folder.getFileSystem().supportedFileAttributeViews().contains("posix");
            Files.createDirectories(folder, posix ? new FileAttribute<?>[] {OWN} : new FileAttribute<?>[0]);
        }
    }

    /** Deletes the copies used longest ago until another fits; whoever has them mapped keeps them. */
    private void makeRoom(Path made, long bytes) throws IOException {
        if (bytes > maxBytes) {
            throw new IOException("a copy of " + (bytes >> 20) + " MB is more than the " + (maxBytes >> 20)
                    + " MB allowed for " + folder + "; raise folder_max_gb");
        }
        List<Path> files = new ArrayList<>(files(CopyFile.SUFFIX));
        files.sort(Comparator.comparing(CopyFolder::lastUse));
        long sum = bytes + removeAbandoned(made);
        for (Path file : files) {
            sum += Files.size(file);
        }
        for (Path file : files) {
            if (sum > maxBytes) {
                sum -= Files.size(file);
                delete(file, "others were used later");
            }
        }
    }

    /** Deletes copies of models that are gone, and of earlier states of this one. */
    private void removeVanished(Path used, String model) throws IOException {
        removeAbandoned(used);
        for (Path file : files(CopyFile.SUFFIX)) {
            if (!file.equals(used)) {
                removeIfVanished(file, model);
            }
        }
    }

    private static void removeIfVanished(Path file, String model) {
        try {
            Optional<String> source = CopyFile.modelOf(file);
            if (source.isPresent() && (source.get().equals(model) || !Files.exists(Path.of(source.get())))) {
                delete(file, source.get() + " is gone or has changed");
            }
        } catch (IOException e) {
            // Another account's, perhaps: those after it are looked at all the same.
            LOG.debug("The copy {} stays: {}", file, e.toString());
        }
    }

    private static void hide(CopyFile copy, Path file) {
        try {
            copy.hide();
        } catch (IOException e) {
            LOG.warn("The copy {} of a private model cannot be kept from other accounts: {}", file, e.toString());
        }
    }

    /** Deletes what those who are gone left unfinished of other copies than this one; the bytes of what is being written now. */
    private long removeAbandoned(Path own) throws IOException {
        long written = 0;
        for (Path part : files(CopyFile.SUFFIX + CopyFile.PART)) {
            String name = part.getFileName().toString();
            Path file = part.resolveSibling(name.substring(0, name.length() - CopyFile.PART.length()));
            if (!file.equals(own) && !removed(part, file)) {
                // 0 where it got its name meanwhile.
                written += part.toFile().length();
            }
        }
        return written;
    }

    /** Whether nobody wrote it: who does holds the lock. The lock stays, as somebody may be waiting for it. */
    private static boolean removed(Path part, Path file) {
        try (FileChannel channel = openLock(file); FileLock held = channel.tryLock()) {
            if (held != null && Files.deleteIfExists(part)) {
                LOG.info("The unfinished copy {} is deleted: nobody writes it any more", part.getFileName());
            }
            return held != null;
        } catch (IOException | OverlappingFileLockException e) {
            LOG.debug("The unfinished copy {} stays: {}", part, e.toString());
            return false;
        }
    }

    private static void delete(Path file, String reason) throws IOException {
        LOG.info("The copy {} is deleted: {}", file.getFileName(), reason);
        Files.deleteIfExists(file);
        Files.deleteIfExists(lock(file));
    }

    private List<Path> files(String suffix) throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(file -> file.getFileName().toString().endsWith(suffix)).toList();
        }
    }

    private static FileTime lastUse(Path file) {
        try {
            return Files.getLastModifiedTime(file);
        } catch (IOException e) {
            return FileTime.fromMillis(0);
        }
    }

    /** What is done under a lock. */
    private interface Work<T> {

        T run() throws IOException;
    }
}
