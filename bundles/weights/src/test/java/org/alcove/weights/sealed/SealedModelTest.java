package org.alcove.weights.sealed;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.alcove.api.control.Quantizer;
import org.alcove.weights.KeyPlace;
import org.alcove.weights.ModelFile;
import org.alcove.weights.ModelFormatException;
import org.alcove.weights.Weights;
import org.alcove.weights.kernels.KernelRegistry;
import org.alcove.weights.quantize.ModelQuantizer;
import org.alcove.weights.sample.FolderSample;
import org.alcove.weights.sample.GgufSample;
import org.alcove.weights.sample.InterleavingKernel;
import org.alcove.weights.store.InterleavedCopies;
import org.alcove.weights.store.InterleavedCopies.CopySettings;
import org.alcove.weights.store.MappedWeightStore;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SealedModelTest {

    private static final int CHUNKS = 9;

    @TempDir
    private Path folder;
    private Sealing sealing;
    private Path plain;
    private Path sealed;
    private byte[] bytes;

    @BeforeEach
    void seal() throws IOException {
        sealing = new Sealing(folder);
        plain = sealing.gguf("m.gguf");
        sealed = sealing.sealed(plain, "m.sealed");
        bytes = Files.readAllBytes(sealed);
    }

    private String refusal(byte[] changed) throws IOException {
        Path file = Files.write(folder.resolve("changed.sealed"), changed);
        String message = assertThrows(ModelFormatException.class, () -> sealing.read(file)).getMessage();
        assertTrue(message.contains("changed.sealed: "), message);
        return message;
    }

    @Test
    void aSealedModelIsTheModel() throws IOException {
        try (Weights open = sealing.store().open(sealed, sealing.keyFile()); Weights other = sealing.store().open(plain)) {
            assertEquals("m", open.file().name());
            assertEquals("llama", open.file().architecture());
            assertArrayEquals(other.vector("a", Sealing.SEEN), open.vector("a", Sealing.SEEN));
            assertEquals(other.fingerprint(), open.fingerprint());
            assertEquals(other.bytes(), open.bytes());
            assertEquals(other.file().tensors(), open.file().tensors());
        }
    }

    /** No command takes a key: what it wrote would lie open beside the sealed model. */
    @Test
    void aSealedModelIsNotQuantized() {
        Path target = folder.resolve("small.gguf");
        String refusal = assertThrows(IOException.class, () -> new ModelQuantizer(sealing.store(), KernelRegistry.of())
                .quantize(new Quantizer.Order(sealed, target, "sym_int4", 32, Quantizer.Container.GGUF), progress -> { }))
                .getMessage();
        assertTrue(refusal.contains(sealed + " is sealed") && refusal.contains("quantize the plain model, then seal"), refusal);
        assertFalse(Files.exists(target));
    }

    @Test
    void nineChunksFollowTheHeader() {
        long plainBytes = plain.toFile().length();
        assertEquals(CHUNKS, Math.ceilDiv(plainBytes, Sealing.CHUNK));
        assertEquals(Sealing.headerBytes(bytes) + plainBytes + CHUNKS * 16, bytes.length);
        assertEquals("ALCVSEAL", new String(bytes, 0, 8, StandardCharsets.US_ASCII));
    }

    @Test
    void aFlippedBitAnywhereIsRefused() throws IOException {
        Random random = new Random(7);
        int header = Sealing.headerBytes(bytes);
        for (int i = 0; i < 120; i++) {
            // Every second one in the header, which has some hundred bytes; not in the magic: that is no sealed model at all.
            int at = i % 2 == 0 ? 8 + random.nextInt(header - 8) : header + random.nextInt(bytes.length - header);
            byte[] changed = bytes.clone();
            changed[at] ^= (byte) (1 << random.nextInt(8));
            refusal(changed);
        }
    }

    @Test
    void aChangedLastByteIsFoundBeforeAnythingIsComputed() throws IOException {
        byte[] changed = bytes.clone();
        changed[bytes.length - 1] ^= 1;
        assertTrue(refusal(changed).contains("chunk 8 of 9 is not what was sealed"));
    }

    @Test
    void swappedChunksAreRefused() throws IOException {
        assertTrue(refusal(Sealing.of(bytes, 0, 1, 3, 2, 4, 5, 6, 7, 8)).contains("chunk "));
    }

    @Test
    void aChunkInTheWrongPlaceIsRefused() throws IOException {
        assertTrue(refusal(Sealing.of(bytes, 0, 1, 2, 2, 4, 5, 6, 7, 8)).contains("chunk 3 of 9"));
    }

    @Test
    void droppedChunksAreRefusedWithBothLengths() throws IOException {
        byte[] short1 = Sealing.of(bytes, 0, 1, 2, 3, 5, 6, 7, 8);
        String message = refusal(short1);
        assertTrue(message.contains(short1.length + " bytes, and sealed were " + bytes.length), message);
        refusal(Sealing.of(bytes, 0, 1, 2, 3, 4, 5, 6, 7));
        refusal(Sealing.of(bytes));
    }

    @Test
    void addedChunksAreRefused() throws IOException {
        refusal(Sealing.of(bytes, 0, 1, 2, 3, 4, 5, 6, 7, 7, 8));
        refusal(Sealing.of(bytes, 0, 1, 2, 3, 4, 5, 6, 7, 8, 8));
        refusal(Arrays.copyOf(bytes, bytes.length + 1));
    }

    @Test
    void aTruncatedFileIsRefusedWhereverItEnds() throws IOException {
        for (int length : new int[] {9, 15, 16, 40, Sealing.headerBytes(bytes) - 1, bytes.length / 2, bytes.length - 1}) {
            refusal(Arrays.copyOf(bytes, length));
        }
    }

    @Test
    void aChunkOfTheSameModelSealedAgainIsRefused() throws IOException {
        byte[] again = Files.readAllBytes(sealing.sealed(plain, "again.sealed"));
        byte[] changed = bytes.clone();
        byte[] foreign = Sealing.chunk(again, 4);
        System.arraycopy(foreign, 0, changed, Sealing.headerBytes(bytes) + 4 * foreign.length, foreign.length);
        assertTrue(refusal(changed).contains("chunk 4 of 9"));
    }

    @Test
    void theHeaderOfAnotherModelIsRefused() throws IOException {
        byte[] other = Files.readAllBytes(sealing.sealed(plain, "other.sealed"));
        int header = Sealing.headerBytes(bytes);
        System.arraycopy(bytes, header, other, header, other.length - header);
        assertTrue(refusal(other).contains("is not what was sealed"));
    }

    @Test
    void aWrongKeyIsRefusedAndBothAreNamed() throws IOException {
        KeyPlace wrong = new KeyPlace.InFile(Files.write(folder.resolve("wrong"), new byte[32]));
        String message = assertThrows(ModelFormatException.class, () -> sealing.store().open(sealed, wrong)).getMessage();
        assertTrue(message.matches(".*m\\.sealed: it is sealed with the key [0-9a-f]{32}, and the one given is [0-9a-f]{32}"),
                message);
    }

    @Test
    void withoutAKeyTheMessageSaysHowToGiveOne() {
        String message = assertThrows(ModelFormatException.class, () -> sealing.store().open(sealed)).getMessage();
        assertTrue(message.contains("sealed with the key ") && message.contains("--model-key"), message);
        assertThrows(ModelFormatException.class, () -> sealing.store().describe(sealed));
    }

    @Test
    void nothingReadableIsInTheSealedFile() throws IOException {
        byte[] model = Files.readAllBytes(plain);
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        for (int at = 0; at + 64 <= model.length; at += 64) {
            String canary = new String(model, at, 64, StandardCharsets.ISO_8859_1);
            assertFalse(text.contains(canary), "plain bytes from " + at);
        }
    }

    @Test
    void openingAModelWritesNoFile() throws IOException {
        Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
        long before = count(temporary) + count(folder);
        try (Weights weights = sealing.store().open(sealed, sealing.keyFile())) {
            weights.vector("a", Sealing.SEEN);
            // The key, which this test writes itself.
            assertEquals(before + 1, count(temporary) + count(folder));
        }
    }

    private static long count(Path folder) throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(file -> !file.getFileName().toString().startsWith("hsperf")).count();
        }
    }

    @Test
    void aFolderIsSealedWithWhatBelongsToIt() throws IOException {
        Path model = Files.createDirectory(folder.resolve("hf"));
        new FolderSample(model).llama().write("model.safetensors");
        Files.writeString(model.resolve("tokenizer_config.json"), "{\"chat_template\": \"secret\"}");
        Files.writeString(model.resolve("README.md"), "no part");
        Path target = folder.resolve("hf.sealed");
        try (ModelKey key = Sealing.key()) {
            ModelSealer.Report report = new ModelSealer(model, Sealing.CHUNK).seal(target, key, done -> { });
            assertEquals(List.of("README.md"), report.left());
        }
        try (Weights open = sealing.store().open(target, sealing.keyFile()); Weights other = sealing.store().open(model)) {
            assertEquals("hf", open.file().name());
            assertEquals("secret", open.file().text("tokenizer.chat_template").orElseThrow());
            assertEquals(other.fingerprint(), open.fingerprint());
            Path companion = open.file().companion("tokenizer_config.json").orElseThrow();
            assertArrayEquals(Files.readAllBytes(model.resolve("tokenizer_config.json")), Files.readAllBytes(companion));
            assertTrue(open.file().companion("README.md").isEmpty());
            assertThrows(NoSuchFileException.class, () -> Files.readAllBytes(companion.resolveSibling("other")));
        }
        ModelFile described = sealing.store().describe(target, sealing.keyFile());
        assertEquals("secret", described.text("tokenizer.chat_template").orElseThrow());
        assertTrue(Files.readString(described.companion("tokenizer_config.json").orElseThrow()).contains("secret"));
    }

    @Test
    void closingInTheMiddleOfOpeningEndsIt() throws IOException {
        for (int i : IntStream.range(0, 50).toArray()) {
            Weights weights = sealing.store().open(sealed, sealing.keyFile());
            if (i % 2 == 0) {
                assertTrue(weights.has("a"));
            }
            weights.close();
        }
    }

    @Test
    void theHeaderSaysWhatAnOpenedModelTakesToWhoHasNoKey() throws IOException {
        assertEquals(plain.toFile().length(), sealing.store().sealedBytes(sealed).orElseThrow());
        assertTrue(sealing.store().sealedBytes(plain).isEmpty());
        Path damaged = Files.write(folder.resolve("damaged.sealed"), Arrays.copyOf(bytes, bytes.length - 1));
        assertThrows(ModelFormatException.class, () -> sealing.store().sealedBytes(damaged));
    }

    /** Copies lie on the disk as they are multiplied by: of a sealed model that would be its text. */
    @Test
    void noCopyIsMadeOfASealedModel() throws Exception {
        Path copies = folder.resolve("copies");
        InterleavingKernel kernel = new InterleavingKernel();
        Path model = GgufSample.of("llama").floats("m", 8, 21).write(folder.resolve("matrix.gguf"));
        Path target = sealing.sealed(model, "matrix.sealed");
        hasten(target, sealing.keyFile(), copies, kernel);
        assertEquals(0, kernel.repacked.get());
        assertTrue(Files.notExists(copies), "something lies among the copies");
        // Of the plain model one is made: it is not for want of a copy that there was none.
        hasten(model, new KeyPlace.Nowhere(), copies, kernel);
        assertTrue(kernel.repacked.get() > 0 && count(copies) > 0);
    }

    private static void hasten(Path model, KeyPlace key, Path copies, InterleavingKernel kernel) throws Exception {
        InterleavedCopies making = new InterleavedCopies(new CopySettings(true, copies, 1 << 20, 1 << 20, 0), () -> 1 << 20);
        try (Weights weights = new MappedWeightStore(KernelRegistry.of(kernel), making).open(model, key)) {
            weights.matrix("m");
            weights.hasten();
            making.await();
        }
    }

    @Test
    void aSealedModelIsNotSealedAgainAndATargetNotOverwritten() {
        assertThrows(ModelFormatException.class, () -> new ModelSealer(sealed, Sealing.CHUNK));
        assertThrows(IOException.class, () -> sealing.sealed(plain, "m.sealed"));
        assertTrue(assertThrows(ModelFormatException.class, () -> new ModelSealer(folder.resolve("none.gguf"), Sealing.CHUNK))
                .getMessage().contains("there is no such file"));
    }
}
