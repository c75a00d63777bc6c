package org.alcove.weights.sealed;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongConsumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.alcove.weights.ModelFormatException;
import org.alcove.weights.checkpoint.Checkpoint;
import org.alcove.weights.gguf.GgufReader;
import org.alcove.weights.huggingface.FolderReader;
import org.alcove.weights.quantize.PartFile;

/** Seals a model: every file it is made of goes into one, in chunks. */
final class ModelSealer {

    /** Small enough that a chunk, sealed and opened, stays in a core's cache. */
    static final int USUAL_CHUNK = 1 << 18;
    /** What the readers of Hugging Face folders read; notes and other formats of the same weights are not sealed. */
    private static final Pattern READ =
            Pattern.compile("[^.].*\\.(safetensors|json|jinja)|tokenizer\\.model|merges\\.txt|vocab\\.txt");

    private final Path source;
    private final int chunkBytes;
    private final List<Path> files = new ArrayList<>();
    private final List<String> left = new ArrayList<>();
    private final boolean folder;
    private final String name;

    /**
     * What was sealed.
     *
     * @param left files of the folder that are no part of the model
     * @param plainBytes before
     * @param sealedBytes after, with header and tags
     */
    record Report(String keyId, List<SealedHeader.Entry> files, List<String> left, int chunks, long plainBytes,
            long sealedBytes) {
    }

    /**
     * Reads what a model consists of.
     *
     * @throws ModelFormatException if it is none, or sealed already
     */
    ModelSealer(Path model, int chunkBytes) throws IOException {
        this.source = model.toAbsolutePath().normalize();
        this.chunkBytes = chunkBytes;
        this.folder = Files.isDirectory(source);
        if (SealedHeader.isSealed(source)) {
            throw new ModelFormatException(model + ": it is sealed already");
        }
        if (folder) {
            FolderReader.read(source);
            collect();
        } else {
            GgufReader.read(source).files().stream().map(Checkpoint.WeightFile::path).forEach(files::add);
        }
        this.name = source.getFileName().toString();
    }

    private void collect() throws IOException {
        try (Stream<Path> all = Files.list(source)) {
            for (Path file : all.sorted().toList()) {
                if (Files.isRegularFile(file) && READ.matcher(file.getFileName().toString()).matches()) {
                    files.add(file);
                } else {
                    left.add(file.getFileName().toString());
                }
            }
        }
    }

    /** Bytes of the model's files. */
    long bytes() throws IOException {
        long all = 0;
        for (Path file : files) {
            all += Files.size(file);
        }
        return all;
    }

    /**
     * Writes the sealed model.
     *
     * @param target must not exist
     * @param progress told the plain bytes sealed so far
     */
    Report seal(Path target, ModelKey key, LongConsumer progress) throws IOException {
        byte[] salt = new byte[SealedHeader.SALT_BYTES];
        new SecureRandom().nextBytes(salt);
        List<SealedHeader.Entry> entries = new ArrayList<>();
        List<FileChannel> channels = new ArrayList<>();
        try {
            for (Path file : files) {
                channels.add(FileChannel.open(file, StandardOpenOption.READ));
                entries.add(new SealedHeader.Entry(file.getFileName().toString(), channels.getLast().size()));
            }
            SealedHeader header = new SealedHeader(key.id(), salt, chunkBytes, folder, name, List.copyOf(entries));
            SealedHeader.Encoded encoded = header.encode(key);
            long bytes = header.sealedBytes(encoded.bytes().length);
            try (PartFile part = new PartFile(target, bytes)) {
                part.write(0, ByteBuffer.wrap(encoded.bytes()));
                Job job = new Job(header, encoded, key.chunkKey(salt), channels, part, progress);
                runOnAllCores(job, header.chunks());
                part.complete();
            }
            return new Report(HexFormat.of().formatHex(header.keyId()), entries, left, header.chunks(), header.plainBytes(),
                    bytes);
        } finally {
            for (FileChannel channel : channels) {
                channel.close();
            }
        }
    }

    private static void runOnAllCores(Job job, int chunks) throws IOException {
        int cores = Math.min(Runtime.getRuntime().availableProcessors(), chunks);
        List<Future<?>> running = new ArrayList<>();
        try (ExecutorService team = Executors.newFixedThreadPool(cores)) {
            for (int i = 0; i < cores; i++) {
                running.add(team.submit(() -> {
                    job.run();
                    return null;
                }));
            }
            for (Future<?> one : running) {
                one.get();
            }
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException io ? io : new IOException("sealing failed: " + e.getCause(), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("sealing was interrupted", e);
        }
    }

    /** The chunks of one file, sealed by as many threads as run this. */
    private record Job(SealedHeader header, SealedHeader.Encoded encoded, byte[] chunkKey, List<FileChannel> sources,
            PartFile target, LongConsumer progress, AtomicInteger next, long[] done) {

        Job(SealedHeader header, SealedHeader.Encoded encoded, byte[] chunkKey, List<FileChannel> sources, PartFile target,
                LongConsumer progress) {
            this(header, encoded, chunkKey, sources, target, progress, new AtomicInteger(), new long[1]);
        }

        void run() throws IOException {
            int chunks = header.chunks();
            long total = header.plainBytes();
            ChunkCipher cipher = new ChunkCipher(ChunkCipher.jdk(), chunkKey, encoded.digest());
            ByteBuffer plain = ByteBuffer.allocateDirect(header.chunkBytes());
            ByteBuffer sealed = ByteBuffer.allocateDirect(header.chunkBytes() + SealedHeader.TAG_BYTES);
            for (int chunk = next.getAndIncrement(); chunk < chunks; chunk = next.getAndIncrement()) {
                long offset = (long) chunk * header.chunkBytes();
                fill(offset, plain.clear().limit((int) Math.min(header.chunkBytes(), total - offset)));
                cipher.seal(chunk, chunk == chunks - 1, plain.flip(), sealed.clear());
                target.write(encoded.bytes().length + offset + (long) chunk * SealedHeader.TAG_BYTES, sealed.flip());
                told(plain.limit());
            }
        }

        private void told(long bytes) {
            synchronized (done) {
                done[0] += bytes;
                progress.accept(done[0]);
            }
        }

        /** Reads plain bytes, zeros between files. */
        private void fill(long offset, ByteBuffer plain) throws IOException {
            long[] offsets = header.offsets();
            for (int i = 0; plain.hasRemaining(); i++) {
                long from = offset + plain.position();
                long end = offsets[i] + header.files().get(i).bytes();
                int limit = plain.limit();
                plain.limit((int) Math.clamp(end - offset, plain.position(), limit));
                while (plain.hasRemaining()) {
                    if (sources.get(i).read(plain, offset + plain.position() - offsets[i]) < 0) {
                        throw new IOException(header.files().get(i).name() + " became shorter while it was read");
                    }
                }
                plain.limit((int) Math.clamp(offsets[i + 1] - offset, plain.position(), limit));
                while (from < offsets[i + 1] && plain.hasRemaining()) {
                    plain.put((byte) 0);
                }
                plain.limit(limit);
            }
        }
    }
}
