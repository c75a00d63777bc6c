package org.alcove.kernel.base;

import org.alcove.kernel.integer.IntegerRows;

/**
 * {@link BlockFormat#Q5_0} and {@link BlockFormat#Q5_1}: weight j of a block has its low four bits in byte {@code j % 16} of qs,
 * the low nibble for j below 16, the high one above; its fifth bit is bit j of qh. Q5_0 is centred on 16.
 */
class Q5Rows implements IntegerRows {

    final Blocks blocks;
    final boolean minimum;
    /** Offset of qh; qs follow it. */
    final int high;

    Q5Rows(Blocks blocks) {
        this.blocks = blocks;
        this.minimum = blocks.format() == BlockFormat.Q5_1;
        this.high = minimum ? 4 : 2;
    }

    @Override
    public int code(int row, int column) {
        long block = blocks.at(row, column);
        int j = column % 32;
        int low = blocks.unsigned(block + high + 4 + j % 16) >> (j < 16 ? 0 : 4) & 15;
        return (low | (blocks.word(block + high) >>> j & 1) << 4) - (minimum ? 0 : 16);
    }

    @Override
    public float scale(int row, int group) {
        return blocks.half(blocks.at(row, 32 * group));
    }

    @Override
    public int zero(int row, int group) {
        return 0;
    }

    @Override
    public boolean hasMinimum() {
        return minimum;
    }

    @Override
    public float minimum(int row, int group) {
        return blocks.half(blocks.at(row, 32 * group) + 2);
    }
}
