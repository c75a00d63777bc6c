package org.alcove.weights.store;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
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
 * The folder of copies, shared by the processes of a machine. One process makes a copy, under the lock of a file beside it; the
 * others wait for it in the background and map the same.
 */
final class CopyFolder {

    private static final Logger LOG = LoggerFactory.getLogger(CopyFolder.class);
    private static final String LOCK = ".lock";

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
    MemorySegment copies(byte[] key, long bytes, String model, CopyFile.Copies made, Arena arena) throws IOException {
        Files.createDirectories(folder);
        Path file = folder.resolve(HexFormat.of().formatHex(key, 0, 20) + CopyFile.SUFFIX);
        CopyFile copy = new CopyFile(file, key, bytes);
        Optional<MemorySegment> there = copy.map(arena);
        if (there.isEmpty()) {
            there = locked(file, () -> {
                Optional<MemorySegment> meanwhile = copy.map(arena);
                if (meanwhile.isEmpty()) {
                    makeRoom(bytes + CopyFile.HEADER);
                    copy.write(model, made);
                    meanwhile = copy.map(arena);
                }
                return meanwhile;
            });
        }
        MemorySegment copies = there.orElseThrow(
                () -> new IOException(file + " was damaged as soon as it was written; see to the disk"));
        try {
            Files.setLastModifiedTime(file, FileTime.from(Instant.now()));
            removeVanished(file, model);
        } catch (IOException e) {
            LOG.debug("The folder of copies stays as it is: {}", e.getMessage());
        }
        return copies;
    }

    private <T> T locked(Path file, Work<T> work) throws IOException {
        Path lock = file.resolveSibling(file.getFileName() + LOCK);
        try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                var held = channel.lock()) {
            return work.run();
        } catch (OverlappingFileLockException e) {
            throw new IOException("another part of this process is writing " + file, e);
        }
    }

    /** Deletes the copies used longest ago until another fits; whoever has them mapped keeps them. */
    private void makeRoom(long bytes) throws IOException {
        if (bytes > maxBytes) {
            throw new IOException("a copy of " + (bytes >> 20) + " MB is more than the " + (maxBytes >> 20)
                    + " MB allowed for " + folder + "; raise folder_max_gb");
        }
        List<Path> files = new ArrayList<>(files());
        files.sort(Comparator.comparing(CopyFolder::lastUse));
        long sum = bytes;
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
        for (Path file : files()) {
            if (!file.equals(used)) {
                Optional<String> source = CopyFile.modelOf(file);
                if (source.isPresent() && (source.get().equals(model) || !Files.exists(Path.of(source.get())))) {
                    delete(file, source.get() + " is gone or has changed");
                }
            }
        }
    }

    private static void delete(Path file, String reason) throws IOException {
        LOG.info("The copy {} is deleted: {}", file.getFileName(), reason);
        Files.deleteIfExists(file);
        Files.deleteIfExists(file.resolveSibling(file.getFileName() + LOCK));
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(file -> file.getFileName().toString().endsWith(CopyFile.SUFFIX)).toList();
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
