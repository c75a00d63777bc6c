package org.alcove.kernel.asymint4;

import org.alcove.api.kernel.PackedMatrix;
import org.alcove.kernel.integer.NibbleBlocks;
import org.alcove.kernel.integer.NibbleRows;

/** GGUF Q4_1: codes 0 to 15, a scale and a float minimum for each 32 of them. */
final class MinimumRows extends NibbleBlocks implements NibbleRows {

    private static final int HEADER = 4;
    private static final int SCALE = 0;
    private static final int MINIMUM = 2;

    MinimumRows(PackedMatrix matrix) {
        super(matrix, HEADER);
    }

    @Override
    public float scale(int row, int group) {
        return header(row, group, SCALE);
    }

    @Override
    public int zero(int row, int group) {
        return 0;
    }

    @Override
    public boolean hasMinimum() {
        return true;
    }

    @Override
    public float minimum(int row, int group) {
        return header(row, group, MINIMUM);
    }

    /** Stores scale and minimum of a group. */
    void put(int row, int group, float scale, float minimum) {
        putHeader(row, group, SCALE, scale);
        putHeader(row, group, MINIMUM, minimum);
    }
}
