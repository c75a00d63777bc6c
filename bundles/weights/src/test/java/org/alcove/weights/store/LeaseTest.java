package org.alcove.weights.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import org.alcove.api.kernel.MatrixShape;
import org.alcove.api.kernel.RowRange;
import org.alcove.weights.KernelFaultException;
import org.alcove.weights.KernelLease;
import org.alcove.weights.WeightMatrix;
import org.alcove.weights.Weights;
import org.alcove.weights.kernels.KernelRegistry;
import org.alcove.weights.sample.GgufSample;
import org.alcove.weights.sample.PlainKernel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

class LeaseTest {

    private static final int COLUMNS = 8;

    @TempDir
    private Path folder;
    private final PlainKernel kernel = new PlainKernel();
    private final Arena arena = Arena.ofConfined();
    private final MemorySegment x = arena.allocate(2 * 4 * COLUMNS, 64);
    private final MemorySegment prepared = arena.allocate(2 * 4 * COLUMNS, 64);
    private final MemorySegment scratch = arena.allocate(64, 64);
    private final MemorySegment y = arena.allocate(2 * 4 * 6, 64);
    private Weights weights;
    private WeightMatrix matrix;

    @BeforeEach
    void open() throws IOException {
        Path file = GgufSample.of("llama").floats("m", COLUMNS, 6).floats("n", COLUMNS, 3).floats("wide", 16, 3)
                .write(folder.resolve("model.gguf"));
        weights = new MappedWeightStore(KernelRegistry.of(kernel)).open(file);
        matrix = weights.matrix("m");
    }

    @AfterEach
    void close() {
        weights.close();
        arena.close();
    }

    @Test
    void rowsAreMultipliedWhereTheyLie() {
        x.setAtIndex(ValueLayout.JAVA_FLOAT, 1, 2f);
        x.setAtIndex(ValueLayout.JAVA_FLOAT, COLUMNS, 8f);
        WeightMatrix part = matrix.rows(new RowRange(2, 5));
        assertEquals(new MatrixShape(3, COLUMNS), part.shape());
        try (KernelLease lease = weights.lease()) {
            lease.prepare(part, x, 2, prepared);
            lease.multiply(part, prepared, 2, new RowRange(1, 3), y, scratch);
            assertEquals(0f, y.getAtIndex(ValueLayout.JAVA_FLOAT, 0));
            assertEquals(2 * 25 / 8f, y.getAtIndex(ValueLayout.JAVA_FLOAT, 1));
            assertEquals(32f, y.getAtIndex(ValueLayout.JAVA_FLOAT, 5));
            lease.unpack(part, new RowRange(0, 1), x);
            assertEquals(17 / 8f, x.getAtIndex(ValueLayout.JAVA_FLOAT, 1));
            assertTrue(lease.sharesPrepared(matrix, part));
        }
    }

    @Test
    void tokensOfABatchArePreparedApartWhereTheKernelCan() {
        x.setAtIndex(ValueLayout.JAVA_FLOAT, 1, 2f);
        x.setAtIndex(ValueLayout.JAVA_FLOAT, COLUMNS + 1, 3f);
        try (KernelLease lease = weights.lease()) {
            assertTrue(lease.preparesApart(matrix));
            lease.prepareTokens(matrix, x, 1, 2, prepared);
            assertEquals(0f, prepared.getAtIndex(ValueLayout.JAVA_FLOAT, 1));
            assertEquals(3f, prepared.getAtIndex(ValueLayout.JAVA_FLOAT, COLUMNS + 1));
            lease.prepareTokens(matrix, x, 0, 1, prepared);
            assertEquals(2f, prepared.getAtIndex(ValueLayout.JAVA_FLOAT, 1));
        }
    }

    @Test
    void preparedActivationsAreSharedBetweenEqualLayoutsAndWidthsOnly() throws IOException {
        try (KernelLease lease = weights.lease()) {
            assertTrue(lease.sharesPrepared(matrix, weights.matrix("n")));
            assertFalse(lease.sharesPrepared(matrix, weights.matrix("wide")));
        }
    }

    @Test
    void wrongArgumentsAreNamedWithBothNumbers() throws IOException {
        RowRange all = new RowRange(0, 6);
        try (KernelLease lease = weights.lease(); Weights other = new MappedWeightStore(KernelRegistry.of(kernel))
                .open(folder.resolve("model.gguf"))) {
            refused("activations for m 6 x 8 f32 need 96 bytes, not 64", () -> lease.prepare(matrix, x, 3, prepared));
            refused("prepared activations for m 6 x 8 f32 need 64 bytes, not 32",
                    () -> lease.prepare(matrix, x, 2, prepared.asSlice(0, 32)));
            refused("aligned to 64 bytes, not to 4", () -> lease.prepare(matrix, x, 1, prepared.asSlice(4)));
            refused("activations for m 6 x 8 f32 need 96 bytes, not 64", () -> lease.prepareTokens(matrix, x, 1, 3, prepared));
            refused("prepared activations for m 6 x 8 f32 need 64 bytes, not 32",
                    () -> lease.prepareTokens(matrix, x, 1, 2, prepared.asSlice(0, 32)));
            refused("tokens from 1 to 1", () -> lease.prepareTokens(matrix, x, 1, 1, prepared));
            refused("tokens from -1 to 1", () -> lease.prepareTokens(matrix, x, -1, 1, prepared));
            refused("m has 6 rows, not 7", () -> lease.multiply(matrix, prepared, 1, new RowRange(0, 7), y, scratch));
            refused("y for m 6 x 8 f32 need 48 bytes, not 24",
                    () -> lease.multiply(matrix, prepared, 2, all, y.asSlice(0, 24), scratch));
            refused("scratch for m 6 x 8 f32 need 64 bytes, not 0",
                    () -> lease.multiply(matrix, prepared, 2, all, y, MemorySegment.NULL));
            refused("0 tokens", () -> lease.multiply(matrix, prepared, 0, all, y, scratch));
            refused("m has 6 rows, not 7", () -> lease.unpack(matrix, new RowRange(0, 7), x));
            refused("target for m 6 x 8 f32 need 96 bytes, not 64", () -> lease.unpack(matrix, new RowRange(0, 3), x));
            refused("m belongs to other weights", () -> lease.preparedBytes(other.matrix("m"), 1));
            refused("m has 6 rows, there are no rows 4 to 7", () -> matrix.rows(new RowRange(4, 7)));
        }
    }

    @Test
    void aKernelThatThrowsIsBlamed() {
        try (KernelLease lease = weights.lease()) {
            lease.prepare(matrix, x, 1, prepared);
            kernel.fail(new IllegalArgumentException("no"));
            KernelFaultException fault =
                    assertThrows(KernelFaultException.class, () -> lease.unpack(matrix, new RowRange(0, 1), x));
            assertTrue(fault.getMessage().contains("PlainKernel"), fault.getMessage());
        }
    }

    @Test
    void weightsStayMappedWhileLeasedAndAreGoneAfterwards() throws IOException {
        KernelLease lease = weights.lease();
        assertTrue(assertThrows(IllegalStateException.class, weights::close).getMessage().contains("1 leases are open"));
        lease.close();
        lease.close();
        assertThrows(IllegalStateException.class, () -> lease.prepare(matrix, x, 1, prepared));
        weights.close();
        weights.close();
        assertThrows(IllegalStateException.class, weights::lease);
        assertThrows(IllegalStateException.class, () -> weights.vector("m", 48));
    }

    private static void refused(String message, Executable call) {
        IllegalArgumentException error = assertThrows(IllegalArgumentException.class, call);
        assertTrue(error.getMessage().contains(message), () -> "not \"" + message + "\" but " + error.getMessage());
    }
}
