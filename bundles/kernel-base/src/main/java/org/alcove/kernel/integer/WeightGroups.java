package org.alcove.kernel.integer;

import org.alcove.api.kernel.PackedMatrix;

/**
 * The weight groups of a matrix beside the groups of its activations.
 *
 * @param count weight groups of a row
 * @param perScale groups of activations in one of them
 */
public record WeightGroups(int count, int perScale) {

    /** The groups of a matrix. */
    public static WeightGroups of(PackedMatrix matrix) {
        int columns = matrix.shape().columns();
        int group = matrix.layout().groupColumns(columns);
        return new WeightGroups(Math.ceilDiv(columns, group),
                Math.ceilDiv(group, PreparedLayout.of(matrix.layout(), columns).group()));
    }

    /** First group of activations in a weight group. */
    public int prepared(int group) {
        return group * perScale;
    }

    /** Reads the codes of a row. */
    public void codes(IntegerRows source, int row, byte[] codes) {
        for (int column = 0; column < codes.length; column++) {
            codes[column] = (byte) source.code(row, column);
        }
    }
}
