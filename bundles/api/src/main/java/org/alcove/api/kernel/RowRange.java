package org.alcove.api.kernel;

/**
 * Consecutive rows of a matrix.
 *
 * @param first the first row
 * @param end one past the last row
 */
public record RowRange(int first, int end) {

    public RowRange {
        if (first < 0 || end < first) {
            throw new IllegalArgumentException("rows " + first + " to " + end + " are not a range");
        }
    }

    /** All rows of a matrix. */
    public static RowRange all(MatrixShape shape) {
        return new RowRange(0, shape.rows());
    }

    /** Number of rows. */
    public int size() {
        return end - first;
    }
}
