package org.alcove.engine.numeric;

import java.lang.foreign.MemorySegment;

/**
 * Arithmetic in Java, which computes attention tile by tile, and one row (a query head of a token) at a time: this is how
 * {@code docs/numerics.md} section 7 tells it.
 */
interface TileArithmetic extends Arithmetic {

    /** Scaled products of a query with the keys of a tile, minus infinity outside its bounds. Returns the largest. */
    float scores(Tile tile);

    /** Turns scores into {@code exp(score - max)} and returns their sum. */
    float weigh(Tile tile, float max);

    /** Values of the tile, weighted and added. */
    void values(Tile tile);

    /** {@code total[i] = total[i] * keep + values[i] * take}. */
    void merge(Tile tile, float keep, float take);

    /** Widens all keys, or all values, of a head in a block to float32. */
    void widen(KvNumbers numbers, MemorySegment plane, MemorySegment target, boolean keys);

    @Override
    default void attend(AttentionStep step, int layer, int member, int firstUnit, int endUnit) {
        for (int unit = firstUnit; unit < endUnit; unit++) {
            unit(step, layer, step.tiles[member], unit);
        }
    }

    private void unit(AttentionStep step, int layer, Tile tile, int unit) {
        KvLayout layout = step.layout;
        int token = step.unit(unit, 0);
        int endToken = token + step.unit(unit, 1);
        int head = step.unit(unit, 2);
        int endHead = head + step.unit(unit, 3);
        int keyHead = head / (step.heads / layout.keyHeads());
        int highest = step.positions[endToken - 1] / Tile.KEYS;
        for (int index = step.firstKey(step.positions[token]) / Tile.KEYS; index <= highest; index++) {
            MemorySegment block = step.blocks[step.tables[token][index]];
            tile.keys(this, block, layout.keysAt(layer, keyHead), layout.valuesAt(layer, keyHead));
            int row = 0;
            for (int t = token; t < endToken; t++) {
                for (int h = head; h < endHead; h++) {
                    tile.row(step, row++, t, h);
                    meet(step, tile, index, step.positions[t]);
                }
            }
        }
        int row = 0;
        for (int t = token; t < endToken; t++) {
            for (int h = head; h < endHead; h++) {
                tile.row(step, row++, t, h);
                tile.finish();
            }
        }
    }

    /** A row meets a tile, of which it may see nothing. */
    private void meet(AttentionStep step, Tile tile, int index, int position) {
        int from = step.firstKey(position);
        int start = index * Tile.KEYS;
        int first = Math.max(0, from - start);
        int end = Math.min(Tile.KEYS, position + 1 - start);
        if (first >= end) {
            return;
        }
        tile.bounds(first, end);
        float tileMax = scores(tile);
        float tileSum = weigh(tile, tileMax);
        values(tile);
        if (index == from / Tile.KEYS) {
            tile.begin(tileMax, tileSum);
            return;
        }
        float both = Math.max(tile.max(), tileMax);
        float keep = Exponential.of(tile.max() - both);
        float take = Exponential.of(tileMax - both);
        merge(tile, keep, take);
        tile.merged(both, Math.fma(tile.sum(), keep, tileSum * take));
    }

    @Override
    default void store(AttentionStep step, int layer, int firstToken, int tokens) {
        KvLayout layout = step.layout;
        KvNumbers numbers = new KvNumbers(layout);
        int size = layout.headSize();
        for (int t = firstToken; t < firstToken + tokens; t++) {
            int offset = step.positions[t] % Tile.KEYS;
            MemorySegment block = step.blocks[step.tables[t][step.positions[t] / Tile.KEYS]];
            for (int head = 0; head < layout.keyHeads(); head++) {
                long at = ((long) t * layout.keyHeads() + head) * size;
                numbers.write(step.keys, at, block.asSlice(layout.keysAt(layer, head), layout.headBytes()), offset, true);
                numbers.write(step.values, at, block.asSlice(layout.valuesAt(layer, head), layout.headBytes()), offset, false);
            }
        }
    }
}
