package org.alcove.weights.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.alcove.api.kernel.RowRange;
import org.alcove.weights.KernelLease;
import org.alcove.weights.WeightMatrix;
import org.alcove.weights.Weights;
import org.alcove.weights.kernels.KernelRegistry;
import org.alcove.weights.sample.CapturedLog;
import org.alcove.weights.sample.GgufSample;
import org.alcove.weights.sample.PlainKernel;
import org.alcove.weights.store.InterleavedCopies.CopySettings;
import org.junit.jupiter.api.Test;

/** Copies with rows side by side: made in the background, shared through a folder, and no reason for other products. */
class InterleavedCopiesTest extends CopiesFixture {

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
    void whereTheFolderCannotBeWrittenACopyIsInMemoryOrNotAtAll() throws Exception {
        Path file = Files.createFile(folder.resolve("file"));
        hasten(file.resolve("copies"), 0);
        assertEquals(0, kernel.interleaved.get());
        hasten(file.resolve("copies"), 1 << 20);
        assertEquals(1, kernel.interleaved.get());
    }

    @Test
    void aCopyThatFindsNoMemoryIsNeverSaidToBeKeptThere() throws Exception {
        Path file = Files.createFile(folder.resolve("file"));
        kernel.whileRepacking(() -> {
            throw new OutOfMemoryError("nothing left for this copy");
        });
        try (CapturedLog log = new CapturedLog(InterleavedCopies.class)) {
            hasten(file.resolve("copies"), 1 << 20);
            assertTrue(log.lines().stream().noneMatch(line -> line.contains("is kept in memory")), log.lines()::toString);
            assertTrue(log.lines().getLast().startsWith("WARN ") && log.lines().getLast().contains("nothing left for this copy"),
                    log.lines()::toString);
        }
        assertEquals(0, kernel.interleaved.get());
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
            public boolean isPublic() {
                return false;
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
}
