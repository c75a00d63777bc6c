package org.alcove.api.kernel;

/**
 * The shape of a weight matrix: {@code rows} outputs by {@code columns} inputs, stored row by row.
 *
 * @param rows number of outputs, at least 1
 * @param columns number of inputs, at least 1
 */
public record MatrixShape(int rows, int columns) {

    public MatrixShape {
        if (rows < 1 || columns < 1) {
            throw new IllegalArgumentException("a matrix needs at least one row and one column, not " + rows + " x " + columns);
        }
    }

    /** Number of weights. */
    public long size() {
        return (long) rows * columns;
    }
}
