package org.alcove.weights.quantize;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.alcove.api.kernel.FloatMatrix;
import org.alcove.api.kernel.MatrixShape;
import org.alcove.api.kernel.RowRange;

/** Rows of another matrix, each divided by its length. */
record NormalizedRows(FloatMatrix source) implements FloatMatrix {

    private static final float SHORTEST = 1e-12f;

    @Override
    public MatrixShape shape() {
        return source.shape();
    }

    @Override
    public void read(RowRange rows, MemorySegment target) {
        source.read(rows, target);
        int columns = shape().columns();
        for (int row = 0; row < rows.size(); row++) {
            MemorySegment values = target.asSlice(4L * row * columns, 4L * columns);
            double squares = 0;
            for (int c = 0; c < columns; c++) {
                double value = values.get(ValueLayout.JAVA_FLOAT_UNALIGNED, 4L * c);
                squares += value * value;
            }
            float length = Math.max(SHORTEST, (float) Math.sqrt(squares));
            for (int c = 0; c < columns; c++) {
                values.set(ValueLayout.JAVA_FLOAT_UNALIGNED, 4L * c,
                        values.get(ValueLayout.JAVA_FLOAT_UNALIGNED, 4L * c) / length);
            }
        }
    }
}
