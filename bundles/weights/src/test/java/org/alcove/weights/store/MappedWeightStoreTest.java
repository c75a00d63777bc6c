package org.alcove.weights.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.alcove.api.kernel.FloatMatrix;
import org.alcove.api.kernel.MatrixShape;
import org.alcove.api.kernel.RowRange;
import org.alcove.weights.KernelUnavailableException;
import org.alcove.weights.ModelFormatException;
import org.alcove.weights.Weights;
import org.alcove.weights.kernels.KernelRegistry;
import org.alcove.weights.sample.FolderSample;
import org.alcove.weights.sample.GgufSample;
import org.alcove.weights.sample.GgufSample.Bytes;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MappedWeightStoreTest {

    private static final int F16 = 1;
    private static final int BF16 = 30;

    @TempDir
    private Path folder;
    private final MappedWeightStore store = new MappedWeightStore(KernelRegistry.of());

    @Test
    void denseTensorsAreWidenedExactly() throws IOException {
        Bytes half = new Bytes().int16(0x3c00).int16(0xc000).int16(0x0001).int16(0x7bff);
        Bytes brain = new Bytes().int16(0x3f80).int16(0xc000).int16(0x0001).int16(0x7f7f);
        Path file = GgufSample.of("llama").tensor("half", F16, half.array(), 2, 2).tensor("brain", BF16, brain.array(), 4)
                .write(folder.resolve("m.gguf"));
        try (Weights weights = store.open(file); Arena arena = Arena.ofConfined()) {
            assertArrayEquals(new float[] {1, -2, 0x1p-24f, 65504}, weights.vector("half", 4));
            assertArrayEquals(new float[] {1, -2, 0x1p-133f, Float.intBitsToFloat(0x7f7f0000)}, weights.vector("brain", 4));
            FloatMatrix matrix = weights.floats("half");
            assertEquals(new MatrixShape(2, 2), matrix.shape());
            MemorySegment target = arena.allocate(9);
            matrix.read(new RowRange(1, 2), target.asSlice(1));
            assertEquals(65504, target.get(ValueLayout.JAVA_FLOAT_UNALIGNED, 5));
            assertThrows(IllegalArgumentException.class, () -> matrix.read(new RowRange(0, 2), target));
            assertThrows(IllegalArgumentException.class, () -> matrix.read(new RowRange(2, 3), target));
            assertEquals("f16", weights.formats());
        }
    }

    @Test
    void packedTensorsAreReadThroughAKernel() throws IOException {
        Path file = GgufSample.of("llama").tensor("m", 2, new byte[36], 32, 2).write(folder.resolve("m.gguf"));
        try (Weights weights = store.open(file)) {
            assertEquals("sym_int4", weights.formats());
            assertEquals("sym_int4", assertThrows(KernelUnavailableException.class, () -> weights.vector("m", 64)).format());
        }
    }

    @Test
    void aTypeThatNothingMultipliesIsRefusedByName() throws IOException {
        Path file = GgufSample.of("llama").floats("a", 4).tensor("b", 10, new byte[84], 256).write(folder.resolve("m.gguf"));
        ModelFormatException error = assertThrows(ModelFormatException.class, () -> store.open(file));
        assertTrue(error.getMessage().contains("tensor b is of type Q2_K, which is not supported"), error.getMessage());
        ModelFormatException single = assertThrows(ModelFormatException.class,
                () -> store.describe(folder.resolve("model.safetensors")));
        assertTrue(single.getMessage().contains("give the folder"), single.getMessage());
    }

    @Test
    void theFingerprintIsOfTheWeightsAndNotOfThePath() throws IOException {
        String first = fingerprint(GgufSample.of("llama").floats("a", 100, 100).floats("b", 4), "first.gguf");
        assertEquals(16, first.length());
        assertEquals(first, fingerprint(GgufSample.of("llama").floats("a", 100, 100).floats("b", 4), "second.gguf"));
        assertEquals(first, fingerprint(GgufSample.of("llama").key("x", 1).floats("b", 4).floats("a", 100, 100), "third.gguf"));
        assertNotEquals(first, fingerprint(GgufSample.of("llama").floats("a", 50, 200).floats("b", 4), "shape.gguf"));
        assertNotEquals(first, fingerprint(GgufSample.of("llama").floats("c", 100, 100).floats("b", 4), "name.gguf"));
        byte[] other = GgufSample.of("llama").floats("a", 100, 100).floats("b", 4).bytes();
        other[other.length - 1] ^= 1;
        Path file = Files.write(folder.resolve("last.gguf"), other);
        try (Weights weights = store.open(file)) {
            assertNotEquals(first, weights.fingerprint());
        }
    }

    private String fingerprint(GgufSample sample, String name) throws IOException {
        try (Weights weights = store.open(sample.write(folder.resolve(name)))) {
            return weights.fingerprint();
        }
    }

    @Test
    void aFileThatIsCutShortWhileItIsMappedIsNoticedAndOneThatIsReplacedByRenamingIsNot() throws IOException {
        Path file = GgufSample.of("llama").floats("a", 64, 64).write(folder.resolve("m.gguf"));
        long size = Files.size(file);
        try (Weights weights = store.open(file)) {
            Files.move(Files.write(folder.resolve("other.gguf"), new byte[7]), file, StandardCopyOption.REPLACE_EXISTING);
            weights.requireIntact();
        }
        GgufSample.of("llama").floats("a", 64, 64).write(file);
        try (Weights weights = store.open(file)) {
            weights.requireIntact();
            Files.write(file, new byte[7]);
            String message = assertThrows(IllegalStateException.class, weights::requireIntact).getMessage();
            assertTrue(message.contains("m.gguf had " + size + " bytes when it was opened, and now has 7"), message);
        }
    }

    @Test
    void openingAThousandTimesLeavesNothingOpen() throws IOException {
        Path maps = Path.of("/proc/self/maps");
        Assumptions.assumeTrue(Files.exists(maps), "needs /proc");
        Path file = GgufSample.of("llama").floats("a", 64, 64).write(folder.resolve("m.gguf"));
        Path bad = GgufSample.of("llama").floats("a", 64).info("b", 0, 1 << 20, 4).write(folder.resolve("bad.gguf"));
        Path model = Files.createDirectory(folder.resolve("hf"));
        new FolderSample(model).llama().write("model.safetensors");
        long before = handles();
        for (int i = 0; i < 1000; i++) {
            store.describe(file);
            store.open(file).close();
            assertThrows(ModelFormatException.class, () -> store.open(bad));
        }
        for (int i = 0; i < 100; i++) {
            store.describe(model);
            store.open(model).close();
        }
        assertTrue(handles() <= before + 5, "from " + before + " to " + handles() + " open files");
        assertEquals(0, Files.readAllLines(maps).stream().filter(line -> line.contains(folder.toString())).count());
        try (Weights weights = store.open(file)) {
            assertTrue(weights.has("a"));
            assertEquals(1, Files.readAllLines(maps).stream().filter(line -> line.contains(folder.toString())).count());
        }
    }

    private static long handles() throws IOException {
        try (var list = Files.list(Path.of("/proc/self/fd"))) {
            return list.count();
        }
    }
}
