package org.alcove.weights.store;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.alcove.weights.ModelFile;
import org.alcove.weights.ModelFormatException;
import org.alcove.weights.Weights;
import org.alcove.weights.kernels.KernelRegistry;
import org.alcove.weights.sample.FolderSample;
import org.alcove.weights.sample.GgufSample;
import org.alcove.weights.sample.GgufSample.Bytes;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Damaged files are read or refused, nothing else. Runs for {@code alcove.fuzz.seconds} (3) per reader with the seed
 * {@code alcove.fuzz.seed} (1); a failure names the seed and the round, and the same seed gives the same files again.
 */
class FuzzTest {

    private static final long SECONDS = Long.getLong("alcove.fuzz.seconds", 3);
    private static final long SEED = Long.getLong("alcove.fuzz.seed", 1);
    /** However slow the machine is. */
    private static final int MIN_ROUNDS = 100;
    private static final long[] NASTY = {0, 1, -1, 127, 128, 255, 32767, 65535, Integer.MAX_VALUE, Integer.MIN_VALUE,
            0xffffffffL, 1L << 32, 1L << 62, Long.MAX_VALUE, Long.MIN_VALUE};
    private static final String[] WORDS = {"[", "{", "]", "}", "\"", ",", ":", "-1", "1e400", "18446744073709551616", "null",
        "NaN", "0", "9223372036854775807", "\\ud800", "\"F64\"", "[[[[", "{\"a\":", "\u0000", "data_offsets", "__metadata__"};

    @TempDir
    private Path folder;
    private final MappedWeightStore store = new MappedWeightStore(KernelRegistry.of());
    private int read;
    private int refused;

    @BeforeEach
    void forget() {
        read = 0;
        refused = 0;
    }

    @Test
    void aDamagedGgufFileIsReadOrRefused() throws IOException {
        List<byte[]> seeds = new ArrayList<>();
        seeds.add(GgufSample.of("llama").key("general.alignment", 64).alignment(64).key("k", new int[] {1, 2, 3})
                .key("tokenizer.ggml.tokens", new String[] {"a", "bc"}).raw("f", 9, new Bytes().int32(6).int64(1).int32(7))
                .key("flag", true).floats("s", 8, 4).tensor("q", 2, new byte[36], 32, 2).floats("t", 8).bytes());
        Path real = Path.of(System.getProperty("alcove.shared", "absent"), "data/models/stories260K/stories260K.gguf");
        if (Files.exists(real)) {
            seeds.add(Files.readAllBytes(real));
        }
        Path file = folder.resolve("fuzz.gguf");
        rounds((random, round) -> {
            byte[] seed = seeds.get(random.nextInt(10) == 0 ? seeds.size() - 1 : 0);
            Files.write(file, damaged(seed, random, Math.min(seed.length, 20_000)));
            open(file);
        });
    }

    @Test
    void aDamagedFolderIsReadOrRefused() throws IOException {
        FolderSample sample = new FolderSample(folder).llama();
        byte[] good = sample.drain();
        int header = 8 + (int) (good[0] & 0xff | (good[1] & 0xff) << 8);
        byte[] config = FolderSample.LLAMA.replace('\'', '"').getBytes();
        rounds((random, round) -> {
            boolean weights = random.nextInt(4) > 0;
            Files.write(folder.resolve("model.safetensors"), weights ? damaged(good, random, header) : good);
            Files.write(folder.resolve("config.json"), weights ? config : damaged(config, random, config.length));
            open(folder);
        });
    }

    private interface Round {
        void run(SplittableRandom random, int round) throws IOException;
    }

    private void rounds(Round one) {
        long end = System.nanoTime() + SECONDS * 1_000_000_000L;
        for (int round = 0; round < MIN_ROUNDS || System.nanoTime() < end; round++) {
            try {
                one.run(new SplittableRandom(SEED * 1_000_003 + round), round);
                read++;
            } catch (ModelFormatException e) {
                assertTrue(e.getMessage().length() < 100_000 && e.getMessage().contains(folder.toString()), e.getMessage());
                refused++;
            } catch (IOException e) {
                refused++;
            } catch (RuntimeException | Error e) {
                fail("seed " + SEED + ", round " + round, e);
            }
        }
        assertTrue(refused > MIN_ROUNDS / 4 && read > 0, "refused " + refused + ", read " + read);
    }

    /** What a caller would touch of a model that opens. */
    private void open(Path path) throws IOException {
        ModelFile model = store.describe(path);
        for (String key : model.keys()) {
            model.text(key);
            model.number(key);
            model.integers(key);
            model.numbers(key);
        }
        try (Weights weights = store.open(path)) {
            weights.fingerprint();
            for (ModelFile.Tensor tensor : model.tensors().values()) {
                if (tensor.format().endsWith("f16") || tensor.format().equals("f32")) {
                    weights.vector(tensor.name(), (int) tensor.shape().size());
                }
            }
        }
    }

    private static byte[] damaged(byte[] good, SplittableRandom random, int upTo) {
        byte[] bytes = good.clone();
        for (int i = random.nextInt(1, 4); i > 0; i--) {
            int at = random.nextInt(Math.min(upTo, bytes.length));
            switch (random.nextInt(6)) {
                case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> bytes[at] = (byte) random.nextInt();
                case 2 -> put(bytes, at, NASTY[random.nextInt(NASTY.length)], random.nextBoolean() ? 8 : 4);
                case 3 -> bytes = random.nextInt(4) == 0 ? Arrays.copyOf(bytes, Math.max(1, at)) : bytes;
                case 4 -> {
                    byte[] word = WORDS[random.nextInt(WORDS.length)].getBytes();
                    System.arraycopy(word, 0, bytes, at, Math.min(word.length, bytes.length - at));
                }
                default -> {
                    int from = random.nextInt(bytes.length);
                    int length = Math.min(random.nextInt(1, 40), bytes.length - Math.max(at, from));
                    System.arraycopy(bytes, from, bytes, at, length);
                }
            }
        }
        return bytes;
    }

    private static void put(byte[] bytes, int at, long value, int width) {
        for (int i = 0; i < width && at + i < bytes.length; i++) {
            bytes[at + i] = (byte) (value >> 8 * i);
        }
    }
}
