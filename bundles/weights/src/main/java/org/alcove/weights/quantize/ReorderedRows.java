package org.alcove.weights.quantize;

import java.lang.foreign.MemorySegment;
import java.util.function.IntUnaryOperator;
import org.alcove.api.kernel.FloatMatrix;
import org.alcove.api.kernel.MatrixShape;
import org.alcove.api.kernel.RowRange;

/**
 * Rows of another matrix in another order, or some of them only.
 *
 * @param source the other matrix
 * @param shape as many rows as there are to be; columns as in the source
 * @param order which row of the source a row is
 */
record ReorderedRows(FloatMatrix source, MatrixShape shape, IntUnaryOperator order) implements FloatMatrix {

    /** Some neighbouring rows. */
    static ReorderedRows slice(FloatMatrix source, int first, int rows) {
        return new ReorderedRows(source, new MatrixShape(rows, source.shape().columns()), row -> first + row);
    }

    @Override
    public void read(RowRange rows, MemorySegment target) {
        long stride = 4L * shape.columns();
        int row = rows.first();
        while (row < rows.end()) {
            int from = order.applyAsInt(row);
            int run = 1;
            while (row + run < rows.end() && order.applyAsInt(row + run) == from + run) {
                run++;
            }
            source.read(new RowRange(from, from + run), target.asSlice((row - rows.first()) * stride, run * stride));
            row += run;
        }
    }
}
