package org.alcove.api.kernel;

/**
 * One contiguous array of a packed matrix: a grid of equal blocks, row of blocks after row of blocks.
 * The last block of a row (or column) of blocks is stored whole even where the matrix ends inside it.
 *
 * @param name what it holds: {@code blocks}, {@code weight_packed}, {@code weight_scale}, {@code weight_zero_point}
 * @param blockRows matrix rows that one block covers
 * @param blockColumns matrix columns that one block covers; {@link #ROW} for whole rows
 * @param blockBytes bytes of one block
 */
public record Plane(String name, int blockRows, int blockColumns, int blockBytes) {

    /** As {@link #blockColumns}: one block covers all columns, however many there are. */
    public static final int ROW = Integer.MAX_VALUE;

    /** Blocks side by side in a matrix of that many columns. */
    public int blocksAcross(int columns) {
        return Math.ceilDiv(columns, blockColumns);
    }

    /** Bytes of one row of blocks. */
    public long stride(int columns) {
        return (long) blocksAcross(columns) * blockBytes;
    }

    /** Bytes that a matrix of this shape takes in this plane. */
    public long bytes(MatrixShape shape) {
        return Math.ceilDiv(shape.rows(), blockRows) * stride(shape.columns());
    }
}
