package org.alcove.weights.store;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.alcove.weights.checkpoint.Checkpoint.WeightFile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file of interleaved copies.
 *
 * <table>
 * <caption>Bytes, little-endian</caption>
 * <tr><th>from</th><th>type</th><th>holds</th></tr>
 * <tr><td>0</td><td>8 bytes</td><td>{@code ALCVCOPY}</td></tr>
 * <tr><td>8</td><td>32 bytes</td><td>what it is a copy of ({@link InterleavedCopies})</td></tr>
 * <tr><td>40</td><td>int64</td><td>bytes of the copies</td></tr>
 * <tr><td>48</td><td>32 bytes</td><td>SHA-256 of {@value #SAMPLES} samples of {@value #SAMPLE_BYTES} bytes</td></tr>
 * <tr><td>80</td><td>int32, UTF-8</td><td>length and path of the model, so that copies of vanished models can be found</td></tr>
 * <tr><td>{@value #HEADER}</td><td>int8[]</td><td>the copies</td></tr>
 * </table>
 *
 * <p>Written under another name and renamed when whole and on the disk; the samples show damage of whole runs of the disk without
 * reading everything.
 */
final class CopyFile {

    static final String SUFFIX = ".interleaved";
    /** Behind the name of a file that is being written. */
    static final String PART = ".part";
    static final int HEADER = 4096;
    static final int SAMPLES = 64;
    static final int SAMPLE_BYTES = 4096;

    private static final Logger LOG = LoggerFactory.getLogger(CopyFile.class);
    private static final Set<PosixFilePermission> OWNER = PosixFilePermissions.fromString("rw-------");
    private static final byte[] MAGIC = "ALCVCOPY".getBytes(StandardCharsets.US_ASCII);
    private static final int KEY = 8;
    private static final int SIZE = 40;
    private static final int HASH = 48;
    private static final int PATH = 80;
    private static final int MOST_PATH = HEADER - PATH - Integer.BYTES;
    private static final int WRITE_BYTES = 1 << 24;

    private final Path file;
    private final byte[] key;
    private final long bytes;

    CopyFile(Path file, byte[] key, long bytes) {
        this.file = file;
        this.key = key.clone();
        this.bytes = bytes;
    }

    /** Maps the file; nothing where there is none, or it is damaged: then it is deleted, to be made anew. */
    Optional<MappedFiles> map(Arena arena) throws IOException {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        long size = Files.size(file);
        if (size != HEADER + bytes) {
            return damaged("it has " + size + " bytes, not " + (HEADER + bytes));
        }
        MappedFiles mapped = new MappedFiles(List.of(new WeightFile(file, size)), arena);
        byte[] head = mapped.segment(0).asSlice(0, PATH).toArray(ValueLayout.JAVA_BYTE);
        if (!describes(head)) {
            return damaged("its header is not that of this copy");
        }
        if (!Arrays.equals(Arrays.copyOfRange(head, HASH, PATH), samples(copies(mapped)))) {
            return damaged("its samples are not those that were written");
        }
        return Optional.of(mapped);
    }

    /** The copies in a file that is mapped. */
    static MemorySegment copies(MappedFiles mapped) {
        return mapped.segment(0).asSlice(HEADER);
    }

    private Optional<MappedFiles> damaged(String difference) throws IOException {
        LOG.warn("The copy {} is damaged, {}: it is deleted, and is made anew", file, difference);
        Files.deleteIfExists(file);
        return Optional.empty();
    }

    private boolean describes(byte[] head) {
        return Arrays.equals(Arrays.copyOf(head, KEY), MAGIC) && Arrays.equals(Arrays.copyOfRange(head, KEY, SIZE), key)
                && ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN).getLong(SIZE) == bytes;
    }

    private static byte[] samples(MemorySegment copies) {
        MessageDigest digest = Digests.sha256();
        long last = Math.max(0, copies.byteSize() - SAMPLE_BYTES);
        for (int i = 0; i < SAMPLES; i++) {
            long at = last / (SAMPLES - 1) * i;
            digest.update(copies.asSlice(i == SAMPLES - 1 ? last : at, Math.min(SAMPLE_BYTES, copies.byteSize())).asByteBuffer());
        }
        return digest.digest();
    }

    /**
     * Makes the file.
     *
     * @param model path of the model
     * @param copies writes the copies
     * @throws IOException if the disk is full, the folder cannot be written, or the copies cannot be made; no file is left
     */
    void write(String model, Copies copies) throws IOException {
        Path part = file.resolveSibling(file.getFileName() + PART);
        // One that is left from another time may be open to others.
        Files.deleteIfExists(part);
        try (FileChannel channel = FileChannel.open(part, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.READ,
                StandardOpenOption.WRITE), copies.isPublic() ? new FileAttribute<?>[0] : onlyOwner())) {
            copies.writeTo((offset, from) -> write(channel, HEADER + offset, from));
            if (channel.size() < HEADER + bytes) {
                write(channel, HEADER + bytes - 1, MemorySegment.ofArray(new byte[1]));
            }
            try (Arena arena = Arena.ofShared()) {
                MemorySegment all = channel.map(FileChannel.MapMode.READ_ONLY, HEADER, bytes, arena);
                write(channel, 0, MemorySegment.ofArray(header(model, samples(all))));
            }
            channel.force(true);
            copies.check();
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(part);
        }
        try (FileChannel folder = FileChannel.open(file.getParent(), StandardOpenOption.READ)) {
            folder.force(true);
        }
    }

    private FileAttribute<?>[] onlyOwner() {
        return hasOwner() ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(OWNER)} : new FileAttribute<?>[0];
    }

    private boolean hasOwner() {
        return file.getFileSystem().supportedFileAttributeViews().contains("posix");
    }

    /** Takes the file from everybody but its owner. */
    void hide() throws IOException {
        if (hasOwner()) {
            Files.setPosixFilePermissions(file, OWNER);
        }
    }

    private byte[] header(String model, byte[] samples) {
        byte[] path = model.getBytes(StandardCharsets.UTF_8);
        byte[] kept = Arrays.copyOf(path, Math.min(path.length, MOST_PATH));
        return ByteBuffer.allocate(HEADER).order(ByteOrder.LITTLE_ENDIAN).put(MAGIC).put(key).putLong(bytes).put(samples)
                .putInt(kept.length).put(kept).array();
    }

    private static void write(FileChannel channel, long offset, MemorySegment from) throws IOException {
        long position = offset;
        for (long done = 0; done < from.byteSize(); done += WRITE_BYTES) {
            ByteBuffer some = from.asSlice(done, Math.min(WRITE_BYTES, from.byteSize() - done)).asByteBuffer();
            while (some.hasRemaining()) {
                position += channel.write(some, position);
            }
        }
    }

    /** Path of the model that a file is a copy of; empty where it is no such file. */
    static Optional<String> modelOf(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            ByteBuffer header = ByteBuffer.allocate(HEADER).order(ByteOrder.LITTLE_ENDIAN);
            channel.read(header, 0);
            int length = header.getInt(PATH);
            return header.hasRemaining() || !Arrays.equals(Arrays.copyOf(header.array(), KEY), MAGIC) || length < 0
                    || length >= MOST_PATH ? Optional.empty()
                    : Optional.of(new String(header.array(), PATH + Integer.BYTES, length, StandardCharsets.UTF_8));
        }
    }

    /** What is written, and who may use it, if anybody. */
    interface Copies {

        void writeTo(CopyPlan.Sink sink) throws IOException;

        /** Whether everybody may read what is copied, and so the copy. */
        boolean isPublic();

        /** Called before the file gets its name; throws where it must not. */
        void check() throws IOException;
    }
}
