package org.alcove.weights.sealed;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import org.alcove.weights.KeyPlace;
import org.alcove.weights.kernels.KernelRegistry;
import org.alcove.weights.sample.GgufSample;
import org.alcove.weights.store.MappedWeightStore;

/** Seals small models in small chunks. */
final class Sealing {

    static final int CHUNK = 1 << 14;
    static final String KEY = "0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20";
    static final int SEEN = 1 << 15;

    private final Path folder;
    private final MappedWeightStore store = new MappedWeightStore(KernelRegistry.of());

    Sealing(Path folder) {
        this.folder = folder;
    }

    MappedWeightStore store() {
        return store;
    }

    static ModelKey key() {
        return new ModelKey(HexFormat.of().parseHex(KEY));
    }

    KeyPlace keyFile() throws IOException {
        return new KeyPlace.InFile(Files.writeString(folder.resolve("key"), KEY));
    }

    /** A GGUF file of nine chunks, whose vector {@code a} holds 0, 1/8, 2/8 … */
    Path gguf(String name) throws IOException {
        return GgufSample.of("llama").floats("a", SEEN).write(folder.resolve(name));
    }

    Path sealed(Path model, String name) throws IOException {
        Path target = folder.resolve(name);
        try (ModelKey key = key()) {
            new ModelSealer(model, CHUNK).seal(target, key, done -> { });
        }
        return target;
    }

    /** Opens a sealed model and reads its vector, as an engine does before it computes anything. */
    float[] read(Path sealed) throws IOException {
        try (var weights = store.open(sealed, keyFile())) {
            return weights.vector("a", SEEN);
        }
    }

    /** Bytes of a file's header. */
    static int headerBytes(byte[] sealed) {
        return sealed[12] & 255 | (sealed[13] & 255) << 8;
    }

    /** A chunk with its tag. */
    static byte[] chunk(byte[] sealed, int chunk) {
        int from = headerBytes(sealed) + chunk * (CHUNK + SealedHeader.TAG_BYTES);
        return Arrays.copyOfRange(sealed, from, Math.min(sealed.length, from + CHUNK + SealedHeader.TAG_BYTES));
    }

    /** A file of the same header with these chunks. */
    static byte[] of(byte[] sealed, int... chunks) {
        byte[] all = Arrays.copyOf(sealed, headerBytes(sealed));
        for (int chunk : chunks) {
            byte[] one = chunk(sealed, chunk);
            all = Arrays.copyOf(all, all.length + one.length);
            System.arraycopy(one, 0, all, all.length - one.length, one.length);
        }
        return all;
    }
}
