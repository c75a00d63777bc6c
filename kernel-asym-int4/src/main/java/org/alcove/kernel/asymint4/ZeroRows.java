package org.alcove.kernel.asymint4;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import org.alcove.api.kernel.PackedMatrix;
import org.alcove.kernel.integer.NibbleWords;
import org.alcove.kernel.integer.NibbleRows;

/**
 * compressed-tensors words with zero points: plane 2, {@code weight_zero_point}, int32[ceil(rows / 8)][groups]; bits 4i to
 * 4i + 3 of a word belong to row 8w + i and hold the code that stands for zero.
 */
final class ZeroRows extends NibbleWords implements NibbleRows {

    private static final int ROWS = 8;
    private static final int WORD = 4;

    private final MemorySegment zeros;
    private final long stride;

    ZeroRows(PackedMatrix matrix) {
        super(matrix);
        this.zeros = matrix.plane(2);
        this.stride = matrix.layout().planes().get(2).stride(matrix.shape().columns());
    }

    @Override
    public int zero(int row, int group) {
        return zeros.get(JAVA_BYTE, at(row, weightGroup(group))) >> row % 2 * 4 & 15;
    }

    /** Stores the zero point of a weight group; rows must be stored in ascending order. */
    void putZero(int row, int weightGroup, int zero) {
        long at = at(row, weightGroup);
        if (row % ROWS == 0) {
            zeros.asSlice(at, WORD).fill((byte) 0);
        }
        zeros.set(JAVA_BYTE, at, (byte) (zeros.get(JAVA_BYTE, at) | zero << row % 2 * 4));
    }

    private long at(int row, int weightGroup) {
        return row / ROWS * stride + (long) WORD * weightGroup + row % ROWS / 2;
    }
}
