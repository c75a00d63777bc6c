package org.alcove.testkit.kernel;

import java.lang.foreign.MemorySegment;
import java.util.function.DoubleSupplier;
import java.util.random.RandomGenerator;
import org.alcove.api.kernel.FloatMatrix;
import org.alcove.api.kernel.MatrixShape;
import org.alcove.api.kernel.RowRange;

/**
 * A float matrix in an array.
 *
 * @param shape rows by columns
 * @param values row by row
 */
public record TestMatrix(MatrixShape shape, float[] values) implements FloatMatrix {

    /** A matrix of values from a source, row by row. */
    public static TestMatrix of(MatrixShape shape, DoubleSupplier source) {
        float[] values = new float[Math.toIntExact(shape.size())];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) source.getAsDouble();
        }
        return new TestMatrix(shape, values);
    }

    /** Normally distributed values; about one in fifty ten times as large, as in real models. */
    public static TestMatrix random(MatrixShape shape, RandomGenerator random) {
        return of(shape, () -> random.nextGaussian() * (random.nextInt(50) == 0 ? 10 : 1) * 0.02);
    }

    /** The value at a row and column. */
    public float at(int row, int column) {
        return values[row * shape.columns() + column];
    }

    /** A copy with one value replaced. */
    public TestMatrix with(int row, int column, float value) {
        float[] copy = values.clone();
        copy[row * shape.columns() + column] = value;
        return new TestMatrix(shape, copy);
    }

    @Override
    public void read(RowRange rows, MemorySegment target) {
        int columns = shape.columns();
        MemorySegment.copy(MemorySegment.ofArray(values), 4L * rows.first() * columns, target, 0, 4L * rows.size() * columns);
    }
}
