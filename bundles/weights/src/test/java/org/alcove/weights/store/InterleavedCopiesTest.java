package org.alcove.weights.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.concurrent.CountDownLatch;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Copies with rows side by side: made in the background, shared through a folder, and no reason for other products. */
class InterleavedCopiesTest {

    private static final int COLUMNS = 8;
    private static final int ROWS = 21;

    @TempDir
    private Path folder;
    private final InterleavingKernel kernel = new InterleavingKernel();
    private Path model;
    private Path copies;
    private float[] expected;

    @BeforeEach
    void writeAModel() throws IOException {
        copies = folder.resolve("copies");
        model = folder.resolve("model.gguf");
        GgufSample.of("llama").floats("m", COLUMNS, ROWS).floats("n", COLUMNS, 3).write(model);
        try (Weights weights = new MappedWeightStore(KernelRegistry.of(new PlainKernel())).open(model)) {
            expected = product(weights, "m");
        }
    }

    @Test
    void aCopyIsUsedFromALaterLeaseOnWithTheSameProducts() throws Exception {
        InterleavedCopies making = making(copies, 0);
        try (Weights weights = open(making, kernel)) {
            WeightMatrix matrix = weights.matrix("m");
            try (KernelLease lease = weights.lease()) {
                weights.hasten();
                assertArrayEquals(expected, product(lease, matrix));
                assertEquals(0, kernel.interleaved.get(), "the lease is older than the copy");
            }
            making.await();
            assertArrayEquals(expected, product(weights, "m"));
            assertEquals(1, kernel.interleaved.get());
            float[] rows = new float[3];
            System.arraycopy(expected, 16, rows, 0, 3);
            assertArrayEquals(rows, product(weights, matrix.rows(new RowRange(16, 19))), "rows that cut no panel but the last");
            assertEquals(1, kernel.interleaved.get(), "19 is inside a panel: the file's rows are used");
            assertEquals(5, product(weights, matrix.rows(new RowRange(16, 21))).length);
            assertEquals(2, kernel.interleaved.get());
        }
    }

    @Test
    void anotherLoadMapsTheSameCopy() throws Exception {
        hasten(copies, 0);
        int made = kernel.repacked.getAndSet(0);
        assertTrue(made > 0);
        hasten(copies, 0);
        assertEquals(0, kernel.repacked.get());
        assertEquals(2, kernel.interleaved.get());
    }

    @Test
    void aDamagedCopyIsMadeAnew() throws Exception {
        hasten(copies, 0);
        Path copy = onlyCopy();
        for (long at : new long[] {0, 8, 40, 48, CopyFile.HEADER, Files.size(copy) - 1}) {
            try (FileChannel channel = FileChannel.open(copy, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                ByteBuffer one = ByteBuffer.allocate(1);
                channel.read(one, at);
                channel.write(ByteBuffer.wrap(new byte[] {(byte) ~one.get(0)}), at);
            }
            kernel.repacked.set(0);
            hasten(copies, 0);
            assertTrue(kernel.repacked.get() > 0, "byte " + at);
        }
        try (FileChannel channel = FileChannel.open(copy, StandardOpenOption.WRITE)) {
            channel.truncate(CopyFile.HEADER + 5);
        }
        kernel.repacked.set(0);
        hasten(copies, 0);
        assertTrue(kernel.repacked.get() > 0, "cut short");
        assertEquals(1 + 6 + 1, kernel.interleaved.get());
    }

    @Test
    void whereTheFolderCannotBeWrittenACopyIsInMemoryOrNotAtAll() throws Exception {
        Path file = Files.createFile(folder.resolve("file"));
        hasten(file.resolve("copies"), 0);
        assertEquals(0, kernel.interleaved.get());
        hasten(file.resolve("copies"), 1 << 20);
        assertEquals(1, kernel.interleaved.get());
    }

    @Test
    void aFullDiskLeavesNoFile() throws Exception {
        Files.createDirectories(copies);
        CopyFile file = new CopyFile(copies.resolve("a" + CopyFile.SUFFIX), new byte[32], 100);
        IOException full = assertThrows(IOException.class, () -> file.write("model", new CopyFile.Copies() {
            @Override
            public void writeTo(CopyPlan.Sink sink) throws IOException {
                sink.write(0, MemorySegment.ofArray(new byte[50]));
                throw new IOException("No space left on device");
            }

            @Override
            public void check() {
                // Never reached.
            }
        }));
        assertTrue(full.getMessage().contains("No space"));
        assertEquals(List.of(), files());
    }

    @Test
    void aModelThatIsReplacedGetsACopyOfItsOwnAndTheOldOneGoes() throws Exception {
        hasten(copies, 0);
        Path old = onlyCopy();
        Files.delete(model);
        GgufSample.of("llama").floats("other", COLUMNS, 2).floats("m", COLUMNS, ROWS).write(model);
        try (Weights weights = new MappedWeightStore(KernelRegistry.of(new PlainKernel())).open(model)) {
            expected = product(weights, "m");
        }
        hasten(copies, 0);
        assertTrue(Files.notExists(old));
        onlyCopy();
    }

    @Test
    void aModelThatChangesWhileItIsCopiedIsNotCopied() throws Exception {
        kernel.whileRepacking(() -> {
            try {
                Files.setLastModifiedTime(model, FileTime.fromMillis(1));
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
        hasten(copies, 0);
        assertEquals(0, kernel.interleaved.get());
        assertEquals(List.of(), files());
    }

    @Test
    void closingAModelEndsTheMakingOfItsCopy() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        kernel.whileRepacking(() -> {
            begun.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                throw new IllegalStateException("interrupted", e);
            }
        });
        InterleavedCopies making = making(copies, 0);
        Weights weights = open(making, kernel);
        weights.hasten();
        begun.await();
        weights.close();
        assertEquals(List.of(), files());
    }

    @Test
    void aKernelThatPrefersTheFilesLayoutGetsIt() throws Exception {
        InterleavedCopies making = making(copies, 0);
        try (Weights weights = open(making, new PlainKernel())) {
            weights.hasten();
            making.await();
            assertTrue(Files.notExists(copies));
            assertArrayEquals(expected, product(weights, "m"));
        }
    }

    @Test
    void tooLittleMemoryOrTooFewBytesMeanNoCopy() throws Exception {
        for (InterleavedCopies making : List.of(
                new InterleavedCopies(new CopySettings(true, copies, 1 << 20, 0, 0), () -> 1),
                new InterleavedCopies(new CopySettings(true, copies, 1 << 20, 0, 1 << 20), () -> 1 << 20),
                new InterleavedCopies(new CopySettings(true, copies, 1 << 10, 0, 0), () -> 1 << 20))) {
            try (Weights weights = open(making, kernel)) {
                weights.hasten();
                making.await();
                product(weights, "m");
            }
        }
        assertEquals(0, kernel.interleaved.get());
    }

    private void hasten(Path target, long memory) throws Exception {
        InterleavedCopies making = making(target, memory);
        try (Weights weights = open(making, kernel)) {
            weights.hasten();
            making.await();
            assertArrayEquals(expected, product(weights, "m"));
        }
    }

    private static InterleavedCopies making(Path target, long memory) {
        return new InterleavedCopies(new CopySettings(true, target, 1 << 20, memory, 0), () -> 1 << 20);
    }

    private Weights open(InterleavedCopies making, QuantizationKernel by) throws IOException {
        return new MappedWeightStore(KernelRegistry.of(by), making).open(model);
    }

    private Path onlyCopy() throws IOException {
        List<Path> files = files().stream().filter(file -> file.toString().endsWith(CopyFile.SUFFIX)).toList();
        assertEquals(1, files.size());
        return files.getFirst();
    }

    private List<Path> files() throws IOException {
        if (Files.notExists(copies)) {
            return List.of();
        }
        try (Stream<Path> all = Files.list(copies)) {
            return all.filter(file -> !file.toString().endsWith(".lock")).toList();
        }
    }

    private static float[] product(Weights weights, String name) throws IOException {
        return product(weights, weights.matrix(name));
    }

    private static float[] product(Weights weights, WeightMatrix matrix) {
        try (KernelLease lease = weights.lease()) {
            return product(lease, matrix);
        }
    }

    private static float[] product(KernelLease lease, WeightMatrix matrix) {
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
