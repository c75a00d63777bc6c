package org.alcove.kernel.base;

import org.alcove.kernel.integer.IntegerRows;

/**
 * {@link BlockFormat#Q6_K}: two halves of 128 weights, each of four runs of 32. Weight l of run k of half h has its low four
 * bits in {@code ql[64h + 32(k % 2) + l]}, the low nibble for k below 2, and its high two bits at bit 2k of {@code qh[32h + l]}.
 * Codes are centred on 32; each sixteen weights have a scale.
 */
class Q6kRows implements IntegerRows {

    static final int HIGH = 128;
    static final int SCALES = 192;
    static final int SCALE = 208;

    final Blocks blocks;

    Q6kRows(Blocks blocks) {
        this.blocks = blocks;
    }

    @Override
    public int code(int row, int column) {
        long block = blocks.at(row, column);
        int half = column % 256 / 128;
        int run = column % 128 / 32;
        int l = column % 32;
        int low = blocks.unsigned(block + 64 * half + 32 * (run % 2) + l) >> 4 * (run / 2) & 15;
        return (low | (blocks.unsigned(block + HIGH + 32 * half + l) >> 2 * run & 3) << 4) - 32;
    }

    @Override
    public float scale(int row, int group) {
        long block = blocks.at(row, 16 * group);
        return blocks.half(block + SCALE) * blocks.signed(block + SCALES + group % 16);
    }

    @Override
    public int zero(int row, int group) {
        return 0;
    }
}
