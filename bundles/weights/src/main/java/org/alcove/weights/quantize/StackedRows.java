package org.alcove.weights.quantize;

import java.lang.foreign.MemorySegment;
import java.util.List;
import org.alcove.api.kernel.FloatMatrix;
import org.alcove.api.kernel.MatrixShape;
import org.alcove.api.kernel.RowRange;

/** Matrices of equal width, one below the other. */
record StackedRows(List<FloatMatrix> parts) implements FloatMatrix {

    @Override
    public MatrixShape shape() {
        return new MatrixShape(parts.stream().mapToInt(part -> part.shape().rows()).sum(), parts.getFirst().shape().columns());
    }

    @Override
    public void read(RowRange rows, MemorySegment target) {
        long stride = 4L * parts.getFirst().shape().columns();
        int above = 0;
        for (FloatMatrix part : parts) {
            int first = Math.max(rows.first(), above);
            int end = Math.min(rows.end(), above + part.shape().rows());
            if (first < end) {
                part.read(new RowRange(first - above, end - above),
                        target.asSlice((first - rows.first()) * stride, (end - first) * stride));
            }
            above += part.shape().rows();
        }
    }
}
