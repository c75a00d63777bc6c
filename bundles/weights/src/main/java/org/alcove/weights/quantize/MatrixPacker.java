package org.alcove.weights.quantize;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import org.alcove.api.kernel.FloatMatrix;
import org.alcove.api.kernel.MatrixShape;
import org.alcove.api.kernel.PackedLayout;
import org.alcove.api.kernel.PackedMatrix;
import org.alcove.api.kernel.Plane;
import org.alcove.api.kernel.RowRange;
import org.alcove.weights.kernels.InstalledKernel;
import org.alcove.weights.kernels.KernelHold;
import org.alcove.weights.kernels.KernelSelection;

/** Packs a matrix in chunks of rows, so that memory does not grow with the matrix, and measures what was lost. */
final class MatrixPacker {

    /** Float32 values of a chunk take about that much memory, and its packed bytes less. */
    private static final long CHUNK_BYTES = 8L << 20;
    /** Chunks begin at rows that are multiples of this, because planes of zero points hold words of eight rows. */
    private static final int ROW_STEP = 8;

    private final KernelSelection kernels;
    private final PackedLayout layout;
    private final ExecutorService threads;

    /** @param threads what chunks are packed on */
    MatrixPacker(KernelSelection kernels, PackedLayout layout, ExecutorService threads) {
        this.kernels = kernels;
        this.layout = layout;
        this.threads = threads;
    }

    /** Takes the packed bytes; thread-safe. */
    @FunctionalInterface
    interface PlaneSink {

        /**
         * Takes a run of bytes.
         *
         * @param plane index of the plane
         * @param offset first byte, from the start of the plane
         */
        void write(int plane, long offset, MemorySegment bytes) throws IOException;
    }

    /**
     * Packs all rows.
     *
     * @return the error against the source
     * @throws IllegalArgumentException if a weight cannot be packed; names its row and column
     */
    PackingError pack(FloatMatrix source, PlaneSink sink) throws IOException {
        MatrixShape shape = source.shape();
        int step = (int) Math.max(1, CHUNK_BYTES / (4L * shape.columns() * ROW_STEP)) * ROW_STEP;
        List<Future<PackingError>> chunks = new ArrayList<>();
        for (int first = 0; first < shape.rows(); first += step) {
            RowRange rows = new RowRange(first, Math.min(shape.rows(), first + step));
            chunks.add(threads.submit(() -> packChunk(source, rows, sink)));
        }
        PackingError error = new PackingError();
        try {
            // In the order of rows, so that the sum does not depend on the number of threads.
            for (Future<PackingError> chunk : chunks) {
                error.add(chunk.get());
            }
            return error;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("packing was interrupted");
        } catch (ExecutionException e) {
            throw failure(e.getCause());
        } finally {
            // Those that run go on to their end: an interrupt would close the file they write to.
            chunks.forEach(chunk -> chunk.cancel(false));
        }
    }

    private static IOException failure(Throwable cause) {
        switch (cause) {
            case RuntimeException unchecked -> throw unchecked;
            case Error error -> throw error;
            case IOException checked -> {
                return checked;
            }
            default -> {
                return new IOException(cause);
            }
        }
    }

    private PackingError packChunk(FloatMatrix source, RowRange rows, PlaneSink sink) throws IOException {
        MatrixShape shape = new MatrixShape(rows.size(), source.shape().columns());
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment floats = arena.allocate(4 * shape.size(), 64);
            source.read(rows, floats);
            PackedMatrix packed = new PackedMatrix(layout, shape, planes(arena, shape));
            MemorySegment unpacked = arena.allocate(4 * shape.size(), 64);
            // Held after reading, which may hold a kernel of the source's own: holds are not to be nested.
            try (KernelHold hold = kernels.hold()) {
                convert(hold.kernel(0), new Chunk(shape, floats), packed, unpacked);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(e.getMessage() + " (rows counted from " + rows.first() + ")", e);
            }
            for (int i = 0; i < packed.planes().size(); i++) {
                Plane plane = layout.planes().get(i);
                long offset = rows.first() / plane.blockRows() * plane.stride(shape.columns());
                sink.write(i, offset, packed.plane(i));
            }
            PackingError error = new PackingError();
            error.add(floats, unpacked);
            return error;
        }
    }

    private static void convert(InstalledKernel kernel, Chunk chunk, PackedMatrix packed, MemorySegment unpacked) {
        kernel.pack(chunk, packed);
        kernel.unpack(packed, RowRange.all(chunk.shape()), unpacked);
    }

    private List<MemorySegment> planes(Arena arena, MatrixShape shape) {
        List<MemorySegment> planes = new ArrayList<>();
        for (Plane plane : layout.planes()) {
            planes.add(arena.allocate(plane.bytes(shape), 64));
        }
        return planes;
    }

    /** Rows in memory. */
    private record Chunk(MatrixShape shape, MemorySegment floats) implements FloatMatrix {

        @Override
        public void read(RowRange rows, MemorySegment target) {
            long stride = 4L * shape.columns();
            MemorySegment.copy(floats, rows.first() * stride, target, 0, rows.size() * stride);
        }
    }

    /** Differences between values before and after packing. */
    static final class PackingError {

        private double squares;
        private double largest;
        private long count;

        private void add(MemorySegment before, MemorySegment after) {
            long values = before.byteSize() / 4;
            for (long i = 0; i < values; i++) {
                double difference = (double) before.getAtIndex(ValueLayout.JAVA_FLOAT, i)
                        - after.getAtIndex(ValueLayout.JAVA_FLOAT, i);
                squares += difference * difference;
                largest = Math.max(largest, Math.abs(difference));
            }
            count += values;
        }

        private void add(PackingError other) {
            squares += other.squares;
            largest = Math.max(largest, other.largest);
            count += other.count;
        }

        /** Root of the mean squared difference. */
        double rootMeanSquare() {
            return Math.sqrt(squares / count);
        }

        /** Largest absolute difference. */
        double largest() {
            return largest;
        }
    }
}
