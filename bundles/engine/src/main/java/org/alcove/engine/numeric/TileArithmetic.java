package org.alcove.engine.numeric;

import java.lang.foreign.MemorySegment;

/**
 * Arithmetic in Java, which computes attention one row (a query head of a token) and one tile at a time: this is how
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

    @Override
    default void attend(AttentionStep step, int layer, int member, int firstUnit, int endUnit) {
        for (int unit = firstUnit; unit < endUnit; unit++) {
            int token = step.unit(unit, 0);
            int head = step.unit(unit, 2);
            for (int t = token; t < token + step.unit(unit, 1); t++) {
                for (int h = head; h < head + step.unit(unit, 3); h++) {
                    row(step, layer, step.tiles[member], t, h);
                }
            }
        }
    }

    private void row(AttentionStep step, int layer, Tile tile, int token, int head) {
        KvLayout layout = step.layout;
        int position = step.positions[token];
        int[] table = step.tables[token];
        int keyHead = head / (step.heads / layout.keyHeads());
        long at = ((long) token * step.heads + head) * layout.headSize();
        tile.query(step.queries, at);
        int from = step.firstKey(position);
        int firstTile = from / Tile.KEYS;
        float max = 0;
        float sum = 0;
        for (int index = firstTile; index <= position / Tile.KEYS; index++) {
            int start = index * Tile.KEYS;
            tile.keys(step.blocks[table[index]], layout.keysAt(layer, keyHead), layout.valuesAt(layer, keyHead));
            tile.bounds(Math.max(0, from - start), Math.min(Tile.KEYS, position + 1 - start));
            float tileMax = scores(tile);
            float tileSum = weigh(tile, tileMax);
            values(tile);
            if (index == firstTile) {
                tile.begin();
                max = tileMax;
                sum = tileSum;
            } else {
                float both = Math.max(max, tileMax);
                float keep = Exponential.of(max - both);
                float take = Exponential.of(tileMax - both);
                sum = Math.fma(sum, keep, tileSum * take);
                merge(tile, keep, take);
                max = both;
            }
        }
        tile.finish(sum, step.result, at);
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
