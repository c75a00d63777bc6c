package org.alcove.weights.store;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.alcove.api.kernel.MatrixShape;
import org.alcove.api.kernel.PackedLayout;
import org.alcove.api.kernel.PackedMatrix;
import org.alcove.api.kernel.Plane;
import org.alcove.api.kernel.RowRange;
import org.alcove.weights.kernels.KernelHold;
import org.alcove.weights.kernels.KernelSelection;

/**
 * Which matrices are copied, and where each plane of a copy lies, from the start of all copies: one after the other, each from a
 * multiple of 64 on.
 *
 * @param bytes of all copies
 */
record CopyPlan(List<Part> parts, long bytes) {

    private static final int ALIGNMENT = 64;
    /**
     * About as many bytes are repacked under one hold of the kernels, which a change of kernels must wait for: few, as who
     * repacks gets little of a busy processor.
     */
    private static final int STEP_BYTES = 1 << 18;

    /** A matrix, the layout of its copy, and the offset of each plane. */
    record Part(MappedMatrix matrix, PackedLayout layout, long[] offsets) {

        /** The copy inside the memory of all copies. */
        PackedMatrix in(MemorySegment memory) {
            List<MemorySegment> planes = new ArrayList<>();
            for (int i = 0; i < offsets.length; i++) {
                planes.add(memory.asSlice(offsets[i], layout.planes().get(i).bytes(matrix.shape())));
            }
            return new PackedMatrix(layout, matrix.shape(), planes);
        }
    }

    /** Where bytes of copies go. Thread-safe. */
    interface Sink {

        void write(long offset, MemorySegment bytes) throws IOException;
    }

    /** The matrices whose kernels prefer interleaved rows. */
    static CopyPlan of(Collection<MappedMatrix> matrices, KernelHold hold) {
        List<Part> parts = new ArrayList<>();
        long end = 0;
        for (MappedMatrix matrix : matrices) {
            PackedLayout layout = hold.interleaved(matrix.layoutIndex());
            if (layout != null) {
                long[] offsets = new long[layout.planes().size()];
                for (int i = 0; i < offsets.length; i++) {
                    offsets[i] = end;
                    end += layout.planes().get(i).bytes(matrix.shape()) + ALIGNMENT - 1 & -ALIGNMENT;
                }
                parts.add(new Part(matrix, layout, offsets));
            }
        }
        return new CopyPlan(List.copyOf(parts), end);
    }

    /** Some rows of a matrix, which are copied at a time. */
    private record Piece(Part part, RowRange rows) {
    }

    /**
     * Makes the copies.
     *
     * @param threads how many pieces are made at a time; the sink is called by each of these threads
     * @throws IOException if they cannot be written, the caller is interrupted, or the kernels do not want them any more
     */
    void write(KernelSelection kernels, int threads, Sink sink) throws IOException {
        List<Piece> pieces = new ArrayList<>();
        for (Part part : parts) {
            int rows = part.matrix().shape().rows();
            long rowBytes = Math.max(1, part.layout().bytes(part.matrix().shape()) / rows);
            int blockRows = part.layout().planes().stream().mapToInt(Plane::blockRows).max().orElse(1);
            int step = (int) Math.max(1, STEP_BYTES / rowBytes / blockRows) * blockRows;
            for (int row = 0; row < rows; row += step) {
                pieces.add(new Piece(part, new RowRange(row, Math.min(row + step, rows))));
            }
        }
        CopyCrew.run(threads, pieces.size(), number -> write(pieces.get(number), kernels, sink));
    }

    private static void write(Piece piece, KernelSelection kernels, Sink sink) throws IOException {
        Part part = piece.part();
        RowRange rows = piece.rows();
        MatrixShape shape = new MatrixShape(rows.size(), part.matrix().shape().columns());
        try (Arena arena = Arena.ofConfined()) {
            PackedMatrix target = new PackedMatrix(part.layout(), shape, part.layout().planes().stream()
                    .map(plane -> arena.allocate(plane.bytes(shape), ALIGNMENT)).toList());
            try (KernelHold hold = kernels.hold()) {
                int index = part.matrix().layoutIndex();
                if (!part.layout().equals(hold.interleaved(index))) {
                    throw new IOException("the kernels changed meanwhile");
                }
                hold.kernel(index).repack(PackedRows.of(part.matrix().packed(), rows), target);
            }
            for (int i = 0; i < target.planes().size(); i++) {
                long start = PackedRows.start(part.layout().planes().get(i), shape.columns(), rows.first());
                sink.write(part.offsets()[i] + start, target.plane(i));
            }
        }
    }
}
