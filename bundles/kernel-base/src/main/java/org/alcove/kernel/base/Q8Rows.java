package org.alcove.kernel.base;

import org.alcove.kernel.integer.IntegerRows;

/** {@link BlockFormat#Q8_0}: signed bytes. */
class Q8Rows implements IntegerRows {

    static final int CODES = 2;

    final Blocks blocks;

    Q8Rows(Blocks blocks) {
        this.blocks = blocks;
    }

    @Override
    public int code(int row, int column) {
        return blocks.signed(blocks.at(row, column) + CODES + column % 32);
    }

    @Override
    public float scale(int row, int group) {
        return blocks.half(blocks.at(row, 32 * group));
    }

    @Override
    public int zero(int row, int group) {
        return 0;
    }
}
