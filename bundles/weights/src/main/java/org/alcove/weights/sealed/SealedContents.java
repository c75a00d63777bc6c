package org.alcove.weights.sealed;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import javax.crypto.AEADBadTagException;
import org.alcove.nativelibrary.SystemPages;
import org.alcove.weights.KeyPlace;
import org.alcove.weights.ModelFormatException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a sealed model holds, opened in memory chunk by chunk. No byte can be seen before the chunk it lies in has been verified:
 * whoever reads asks for it by {@link #require}, and whoever is to compute with the whole waits for {@link #awaitAll}. Chunks are
 * opened as they are asked for, and by all cores in their {@link ChunkOrder} once {@link #openAll} was called.
 */
public final class SealedContents {

    private static final Logger LOG = LoggerFactory.getLogger(SealedContents.class);
    private static final byte SEALED = 0;
    private static final byte IN_WORK = 1;
    private static final byte OPEN = 2;

    private final Path file;
    private final SealedHeader header;
    private final int headerBytes;
    private final CipherChoice cipher;
    private final byte[] chunkKey;
    private final byte[] digest;
    private final long plainBytes;
    private final MemorySegment memory;
    private final MemorySegment sealed;
    private final Object reading = new Object();
    /** Of those who read, one at a time; guarded by {@link #reading}. */
    private ChunkOpener reader;
    private final List<Thread> team = new ArrayList<>();
    /** Guarded by the monitor, as is all below. */
    private final byte[] states;
    private final ChunkOrder order;
    private int open;
    private String failure;
    private boolean stopped;

    private SealedContents(SealedHeader.Unverified unverified, ModelKey key, CipherChoice cipher, Arena arena,
            MemorySegment sealed) throws ModelFormatException {
        this.file = unverified.file();
        this.header = unverified.header();
        this.headerBytes = unverified.bytes().length;
        this.digest = unverified.verify(key);
        this.cipher = cipher;
        this.chunkKey = key.chunkKey(header.salt());
        this.plainBytes = header.plainBytes();
        this.states = new byte[header.chunks()];
        this.order = new ChunkOrder(states.length, header.chunkBytes(), SystemPages.HUGE_PAGE);
        this.memory = SealedMemory.allocate(plainBytes, file.toString(), arena);
        this.sealed = sealed;
    }

    /** Whether a file is for {@link #of}. */
    public static boolean isSealed(Path file) throws IOException {
        return SealedHeader.isSealed(file);
    }

    /**
     * What a sealed model takes once it is open, as its header says; not authenticated.
     *
     * @throws ModelFormatException if the header is damaged
     */
    public static long plainBytes(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return SealedHeader.read(file, channel).header().plainBytes();
        }
    }

    /**
     * Fetches the key and makes room; opens nothing yet.
     *
     * @param arena owner of the memory; not to be closed before {@link #stop}
     * @throws ModelFormatException if there is no key, a wrong one, or the header is damaged
     */
    public static SealedContents of(Path file, KeyPlace place, Arena arena) throws IOException {
        return of(file, place, KeySource.USUAL, CipherChoice::fastest, arena);
    }

    static SealedContents of(Path file, KeyPlace place, KeySource source, Supplier<CipherChoice> ciphers, Arena arena)
            throws IOException {
        // Beside the way to the key, which takes as long, or much longer.
        CompletableFuture<CipherChoice> cipher = CompletableFuture.supplyAsync(ciphers,
                loading -> Thread.ofPlatform().daemon().name("alcove-unseal-cipher").start(loading));
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            SealedHeader.Unverified unverified = SealedHeader.read(file, channel);
            MemorySegment sealed = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
            String model = file + ": it is sealed with the key " + unverified.keyName();
            try (ModelKey key = source.fetch(place, model)) {
                return new SealedContents(unverified, key, cipher.join(), arena, sealed);
            }
        }
    }

    /** The model as a path that {@link java.nio.file.Files} can read: a GGUF file, or a folder. */
    public Path model() {
        SealedFiles files = new SealedFiles(this, header, file);
        return header.folder() ? files.root().resolve(header.model()) : files.root().resolve(header.files().getFirst().name());
    }

    /** Opens all chunks on all cores, while the caller goes on. */
    public void openAll() {
        cipher.problem().ifPresent(problem -> LOG.warn("{} is opened by the JDK's cipher, which is many times slower in its first"
                + " seconds: Conscrypt's cannot be loaded ({}); is its bundle there, does it know this system, and does the"
                + " folder for temporary files ({}) allow programs?",
                file, problem, System.getProperty("java.io.tmpdir")));
        if (!SealedMemory.lock(memory)) {
            LOG.info("{} is opened in memory that the system may write to a swap: the limit of locked memory (ulimit -l) is below"
                    + " its {} bytes; raise it, or run without a swap", file, plainBytes);
        }
        int cores = Math.min(Runtime.getRuntime().availableProcessors(), order.runs());
        for (int i = 0; i < cores; i++) {
            team.add(Thread.ofPlatform().daemon().name("alcove-unseal-" + i).start(this::work));
        }
    }

    /**
     * Waits until everything is open and verified.
     *
     * @throws ModelFormatException if a chunk is not what was sealed, or cannot be read
     */
    public synchronized void awaitAll() throws ModelFormatException {
        while (open < states.length) {
            checkGoing();
            pause();
        }
    }

    /** The bytes of a file of the model; to be read only once {@link #require} has returned. */
    MemorySegment memory() {
        return memory;
    }

    /**
     * Makes sure that bytes are open and verified.
     *
     * @param offset among the plain bytes of the model
     */
    void require(long offset, long bytes) throws ModelFormatException {
        if (bytes == 0) {
            return;
        }
        int end = (int) ((offset + bytes - 1) / header.chunkBytes());
        for (int chunk = (int) (offset / header.chunkBytes()); chunk <= end; chunk++) {
            if (claim(chunk)) {
                synchronized (reading) {
                    // After a stop the memory may be gone, and the cipher is native code that would write to it all the same.
                    checkGoing();
                    if (reader == null) {
                        reader = opener();
                    }
                    // Just this: whoever only describes a model is not to use up the limit for the weights.
                    SealedMemory.lock(reader.target(chunk));
                    open(chunk, reader);
                }
            }
        }
        checkGoing();
    }

    /** Whether the caller is to open a chunk; if another one is at it, waits for that. */
    private synchronized boolean claim(int chunk) throws ModelFormatException {
        while (states[chunk] == IN_WORK) {
            checkGoing();
            pause();
        }
        checkGoing();
        if (states[chunk] == OPEN) {
            return false;
        }
        states[chunk] = IN_WORK;
        return true;
    }

    /** The next chunk for a thread of the team, whose last one was that; {@link ChunkOrder#NONE} if it is to end. */
    private synchronized int claimNext(int last) {
        int chunk = last;
        do {
            chunk = order.after(chunk);
        } while (chunk < states.length && states[chunk] != SEALED);
        if (stopped || failure != null || chunk >= states.length) {
            return ChunkOrder.NONE;
        }
        states[chunk] = IN_WORK;
        return chunk;
    }

    private void pause() throws ModelFormatException {
        try {
            wait();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ModelFormatException(file + ": opening it was given up", e);
        }
    }

    private synchronized void checkGoing() throws ModelFormatException {
        if (failure != null) {
            throw new ModelFormatException(failure);
        }
        if (stopped) {
            throw new ModelFormatException(file + ": it is closed");
        }
    }

    private void work() {
        ChunkOpener opener = opener();
        for (int chunk = claimNext(ChunkOrder.NONE); chunk != ChunkOrder.NONE; chunk = claimNext(chunk)) {
            open(chunk, opener);
        }
    }

    private ChunkOpener opener() {
        return new ChunkOpener(header, sealed.asSlice(headerBytes), new ChunkCipher(cipher.provider(), chunkKey, digest), memory);
    }

    private void open(int chunk, ChunkOpener opener) {
        String problem = null;
        try {
            opener.open(chunk);
        } catch (AEADBadTagException e) {
            problem = file + ": chunk " + chunk + " of " + states.length + " is not what was sealed: it was changed, is out of"
                    + " order, or belongs to another model; fetch the file again";
        } catch (RuntimeException | Error e) {
            problem = file + ": chunk " + chunk + " of " + states.length + " cannot be opened: " + e;
        }
        synchronized (this) {
            if (problem == null) {
                states[chunk] = OPEN;
                open++;
            } else {
                failure = problem;
            }
            notifyAll();
        }
    }

    /** Ends opening, and waits until nobody writes to the memory any more. */
    public void stop() {
        synchronized (this) {
            stopped = true;
            notifyAll();
        }
        team.forEach(SealedContents::join);
        // Who opens a chunk for itself does so under this lock.
        synchronized (reading) {
            LOG.debug("{} is closed", file);
        }
    }

    private static void join(Thread thread) {
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
