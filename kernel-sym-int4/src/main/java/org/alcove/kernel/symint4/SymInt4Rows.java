package org.alcove.kernel.symint4;

import org.alcove.api.kernel.PackedMatrix;
import org.alcove.kernel.integer.NibbleBlocks;
import org.alcove.kernel.integer.NibbleWords;
import org.alcove.kernel.integer.NibbleRows;
import org.alcove.kernel.integer.PackQuantized;
import org.alcove.kernel.integer.ScaleType;

/** Codes 0 to 15 that stand for -8 to 7, and one scale a group. */
sealed interface SymInt4Rows extends NibbleRows {

    /** Offset of stored codes. */
    int OFFSET = 8;

    /** How scales are stored. */
    ScaleType scaleType();

    /** Stores a row: a code per column, a scale per weight group. */
    void put(int row, byte[] codes, float[] scales);

    @Override
    default int zero(int row, int group) {
        return OFFSET;
    }

    /** The rows of a matrix of either kind of layout. */
    static SymInt4Rows of(PackedMatrix matrix) {
        return PackQuantized.is(matrix.layout()) ? new Words(matrix) : new Blocks(matrix);
    }

    /** GGUF Q4_0. */
    final class Blocks extends NibbleBlocks implements SymInt4Rows {

        Blocks(PackedMatrix matrix) {
            super(matrix, 2);
        }

        @Override
        public ScaleType scaleType() {
            return ScaleType.F16;
        }

        @Override
        public float scale(int row, int group) {
            return header(row, group, 0);
        }

        @Override
        public void put(int row, byte[] codes, float[] scales) {
            putCodes(row, codes);
            for (int block = 0; block < scales.length; block++) {
                putHeader(row, block, 0, scales[block]);
            }
        }
    }

    /** compressed-tensors. */
    final class Words extends NibbleWords implements SymInt4Rows {

        Words(PackedMatrix matrix) {
            super(matrix);
        }

        @Override
        public void put(int row, byte[] codes, float[] scales) {
            putCodes(row, codes);
            for (int group = 0; group < scales.length; group++) {
                putScale(row, group, scales[group]);
            }
        }
    }
}
