package org.alcove.kernel.base;

import org.alcove.kernel.integer.IntegerRows;

/**
 * {@link BlockFormat#Q4_K} and {@link BlockFormat#Q5_K}: eight groups of 32. Groups 2i and 2i+1 share bytes 32i to 32i+31 of qs,
 * the low nibbles first. The fifth bit of weight l of group j is bit j of {@code qh[l]}. The twelve scale bytes b hold six bits
 * of scale and six of minimum for each group j: for j below 4 those of {@code b[j]} and {@code b[j+4]}, beyond them the low and
 * the high nibble of {@code b[j+4]} under the two highest bits of {@code b[j-4]} and {@code b[j]}.
 */
class QkRows implements IntegerRows {

    static final int SCALES = 4;
    static final int HIGH = 16;

    final Blocks blocks;
    final boolean five;
    /** Offset of qs. */
    final int low;

    QkRows(Blocks blocks) {
        this.blocks = blocks;
        this.five = blocks.format() == BlockFormat.Q5_K;
        this.low = five ? 48 : 16;
    }

    @Override
    public int code(int row, int column) {
        long block = blocks.at(row, column);
        int group = column % 256 / 32;
        int l = column % 32;
        int code = blocks.unsigned(block + low + group / 2 * 32 + l) >> 4 * (group % 2) & 15;
        return five ? code | (blocks.unsigned(block + HIGH + l) >> group & 1) << 4 : code;
    }

    @Override
    public float scale(int row, int group) {
        long block = blocks.at(row, 32 * group);
        long b = block + SCALES + group % 8;
        int scale = group % 8 < 4 ? blocks.unsigned(b) & 63 : blocks.unsigned(b + 4) & 15 | blocks.unsigned(b - 4) >> 6 << 4;
        return blocks.half(block) * scale;
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
        long block = blocks.at(row, 32 * group);
        long b = block + SCALES + group % 8;
        int minimum = group % 8 < 4 ? blocks.unsigned(b + 4) & 63 : blocks.unsigned(b + 4) >> 4 | blocks.unsigned(b) >> 6 << 4;
        return -(blocks.half(block + 2) * minimum);
    }
}
