package org.alcove.weights.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.alcove.api.kernel.QuantizationKernel;
import org.alcove.api.kernel.RowRange;
import org.alcove.weights.KernelLease;
import org.alcove.weights.WeightMatrix;
import org.alcove.weights.Weights;
import org.alcove.weights.kernels.KernelRegistry;
import org.alcove.weights.sample.GgufSample;
import org.alcove.weights.sample.InterleavingKernel;
import org.alcove.weights.sample.PlainKernel;
import org.alcove.weights.store.InterleavedCopies.CopySettings;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A model, a folder for its copies, and a kernel that prefers them and counts what it is used for. */
abstract class CopiesFixture {

    static final int COLUMNS = 8;
    static final int ROWS = 21;

    @TempDir
    Path folder;
    final InterleavingKernel kernel = new InterleavingKernel();
    Path model;
    Path copies;
    float[] expected;

    @BeforeEach
    void writeAModel() throws IOException {
        copies = folder.resolve("copies");
        model = folder.resolve("model.gguf");
        GgufSample.of("llama").floats("m", COLUMNS, ROWS).floats("n", COLUMNS, 3).write(model);
        try (Weights weights = new MappedWeightStore(KernelRegistry.of(new PlainKernel())).open(model)) {
            expected = product(weights, "m");
        }
    }

    void hasten(Path target, long memory) throws Exception {
        InterleavedCopies making = making(target, memory);
        try (Weights weights = open(making, kernel)) {
            weights.hasten();
            making.await();
            assertArrayEquals(expected, product(weights, "m"));
        }
    }

    static InterleavedCopies making(Path target, long memory) {
        return new InterleavedCopies(new CopySettings(true, target, 1 << 20, memory, 0), () -> 1 << 20);
    }

    Weights open(InterleavedCopies making, QuantizationKernel by) throws IOException {
        return new MappedWeightStore(KernelRegistry.of(by), making).open(model);
    }

    Path onlyCopy() throws IOException {
        List<Path> files = files().stream().filter(file -> file.toString().endsWith(CopyFile.SUFFIX)).toList();
        assertEquals(1, files.size());
        return files.getFirst();
    }

    List<Path> files() throws IOException {
        if (Files.notExists(copies)) {
            return List.of();
        }
        try (Stream<Path> all = Files.list(copies)) {
            return all.filter(file -> !file.toString().endsWith(".lock")).toList();
        }
    }

    static float[] product(Weights weights, String name) throws IOException {
        return product(weights, weights.matrix(name));
    }

    static float[] product(Weights weights, WeightMatrix matrix) {
        try (KernelLease lease = weights.lease()) {
            return product(lease, matrix);
        }
    }

    static float[] product(KernelLease lease, WeightMatrix matrix) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment x = arena.allocate(4 * COLUMNS, 64);
            for (int i = 0; i < COLUMNS; i++) {
                x.setAtIndex(ValueLayout.JAVA_FLOAT, i, i - 2.5f);
            }
            MemorySegment prepared = arena.allocate(lease.preparedBytes(matrix, 1), 64);
            lease.prepare(matrix, x, 1, prepared);
            MemorySegment y = arena.allocate(4L * matrix.shape().rows(), 64);
            lease.multiply(matrix, prepared, 1, RowRange.all(matrix.shape()), y, arena.allocate(64, 64));
            return y.toArray(ValueLayout.JAVA_FLOAT);
        }
    }
}
