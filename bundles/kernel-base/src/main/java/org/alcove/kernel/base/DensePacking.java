package org.alcove.kernel.base;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.alcove.api.kernel.FloatMatrix;
import org.alcove.api.kernel.MatrixShape;
import org.alcove.api.kernel.PackedMatrix;
import org.alcove.api.kernel.RowRange;

/**
 * What the dense kernels of all tiers share: packing, unpacking, and the form of prepared activations, which is float32, token
 * by token, each token's row padded to a multiple of 64 bytes.
 */
final class DensePacking {

    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;

    private DensePacking() {
    }

    /** Bytes from one token's prepared row to the next. */
    static long preparedStride(int columns) {
        return Math.ceilDiv(columns, 16) * 64L;
    }

    static void prepare(MemorySegment activations, int first, int end, int columns, MemorySegment prepared) {
        long bytes = 4L * columns;
        long stride = preparedStride(columns);
        for (int t = first; t < end; t++) {
            MemorySegment.copy(activations, t * bytes, prepared, t * stride, bytes);
        }
    }

    static void pack(FloatMatrix source, PackedMatrix target) {
        DenseFormat format = DenseFormat.of(target.layout());
        MatrixShape shape = target.shape();
        int columns = shape.columns();
        long stride = (long) columns * format.bytes;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment row = arena.allocate(4L * columns);
            for (int r = 0; r < shape.rows(); r++) {
                source.read(new RowRange(r, r + 1), row);
                for (int c = 0; c < columns; c++) {
                    float value = row.get(FLOAT, 4L * c);
                    if (!Float.isFinite(value)) {
                        throw new IllegalArgumentException("weight at row " + r + ", column " + c + " is " + value
                                + "; only finite weights can be packed");
                    }
                    if (!format.write(target.plane(0), r * stride + (long) c * format.bytes, value)) {
                        throw new IllegalArgumentException("weight at row " + r + ", column " + c + " is " + value
                                + ", more than " + format.layout.name() + " can hold; pack it as f32");
                    }
                }
            }
        }
    }

    static void unpack(PackedMatrix source, RowRange rows, MemorySegment target) {
        DenseFormat format = DenseFormat.of(source.layout());
        long first = (long) rows.first() * source.shape().columns();
        long count = (long) rows.size() * source.shape().columns();
        for (long i = 0; i < count; i++) {
            target.set(FLOAT, 4 * i, format.read(source.plane(0), (first + i) * format.bytes));
        }
    }

    static void repack(PackedMatrix from, PackedMatrix to) {
        if (!from.layout().equals(to.layout()) || !from.shape().equals(to.shape())) {
            throw new IllegalArgumentException("cannot repack " + from.layout().name() + " " + from.shape() + " as "
                    + to.layout().name() + " " + to.shape() + "; layout and shape must be equal");
        }
        MemorySegment.copy(from.plane(0), 0, to.plane(0), 0, from.plane(0).byteSize());
    }
}
