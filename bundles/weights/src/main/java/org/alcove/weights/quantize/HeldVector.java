package org.alcove.weights.quantize;

import java.lang.foreign.MemorySegment;
import java.util.function.IntUnaryOperator;
import org.alcove.api.kernel.FloatMatrix;
import org.alcove.api.kernel.MatrixShape;
import org.alcove.api.kernel.RowRange;

/** A vector in memory: one row. */
record HeldVector(float[] values) implements FloatMatrix {

    /** A vector read from a source. */
    static HeldVector of(FloatMatrix source) {
        float[] values = new float[Math.toIntExact(source.shape().size())];
        source.read(RowRange.all(source.shape()), MemorySegment.ofArray(values));
        return new HeldVector(values);
    }

    /** Its values in another order, or some of them only. */
    HeldVector reordered(int length, IntUnaryOperator order) {
        float[] other = new float[length];
        for (int i = 0; i < length; i++) {
            other[i] = values[order.applyAsInt(i)];
        }
        return new HeldVector(other);
    }

    @Override
    public MatrixShape shape() {
        return new MatrixShape(1, values.length);
    }

    @Override
    public void read(RowRange rows, MemorySegment target) {
        if (rows.size() > 0) {
            MemorySegment.copy(MemorySegment.ofArray(values), 0, target, 0, 4L * values.length);
        }
    }
}
