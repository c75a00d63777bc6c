package org.alcove.engine.forward;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.alcove.engine.numeric.Arithmetic;
import org.alcove.engine.numeric.Exponential;
import org.alcove.engine.numeric.Tile;

/**
 * Attention of a step's tokens to everything before them, tile by tile. A tile's result depends on the token and the tile
 * alone, and tiles are combined in ascending order, so that it does not matter how a prompt was cut into steps.
 */
final class Attention {

    private final Arithmetic arithmetic;
    private final KvCache cache;
    private final ModelShape shape;
    private final Team team;
    private final Tile[] tiles;
    private final Team.Task task = this::units;
    private Plan plan;
    private int layer;
    private MemorySegment queries;
    private MemorySegment result;

    Attention(Arithmetic arithmetic, KvCache cache, ModelShape shape, Team team, Arena arena) {
        this.arithmetic = arithmetic;
        this.cache = cache;
        this.shape = shape;
        this.team = team;
        this.tiles = new Tile[team.size()];
        for (int i = 0; i < tiles.length; i++) {
            tiles[i] = new Tile(arena, shape.headSize());
        }
    }

    /** Computes one layer's attention: {@code queries} and {@code result} are {@code [token][head][column]}. */
    void run(Plan stepPlan, int layerIndex, MemorySegment stepQueries, MemorySegment stepResult) {
        plan = stepPlan;
        layer = layerIndex;
        queries = stepQueries;
        result = stepResult;
        int units = 0;
        for (int t = 0; t < plan.tokens(); t++) {
            units += tileCount(plan.positions[t]) * shape.heads();
        }
        team.run(units, 1, 1 + (int) ((long) units * Tile.KEYS * shape.headSize() / Products.WORTH_A_MEMBER), task);
    }

    /** The unit of work is one tile of one head; a head belongs whole to the member whose range holds its first unit. */
    private void units(int member, int first, int end) {
        int unit = 0;
        for (int t = 0; t < plan.tokens() && unit < end; t++) {
            int tileCount = tileCount(plan.positions[t]);
            if (unit + tileCount * shape.heads() <= first) {
                unit += tileCount * shape.heads();
                continue;
            }
            for (int head = 0; head < shape.heads() && unit < end; head++, unit += tileCount) {
                if (unit >= first) {
                    head(tiles[member], t, head);
                }
            }
        }
    }

    private int tileCount(int position) {
        return position / Tile.KEYS - firstKey(position) / Tile.KEYS + 1;
    }

    private int firstKey(int position) {
        return Math.max(0, position - shape.window() + 1);
    }

    private void head(Tile tile, int token, int head) {
        int position = plan.positions[token];
        int[] blocks = plan.blocks[token];
        int keyHead = head / (shape.heads() / shape.keyHeads());
        long keysAt = cache.keysAt(layer, keyHead);
        long valuesAt = cache.valuesAt(layer, keyHead);
        long at = (long) token * shape.queryColumns() + (long) head * shape.headSize();
        tile.query(queries, at);
        int from = firstKey(position);
        int firstTile = from / Tile.KEYS;
        float max = 0;
        float sum = 0;
        for (int index = firstTile; index <= position / Tile.KEYS; index++) {
            int start = index * Tile.KEYS;
            tile.keys(cache.block(blocks[index]), keysAt, valuesAt);
            tile.bounds(Math.max(0, from - start), Math.min(Tile.KEYS, position + 1 - start));
            float tileMax = arithmetic.scores(tile);
            float tileSum = arithmetic.weigh(tile, tileMax);
            arithmetic.values(tile);
            if (index == firstTile) {
                tile.begin();
                max = tileMax;
                sum = tileSum;
            } else {
                float both = Math.max(max, tileMax);
                float keep = Exponential.of(max - both);
                float take = Exponential.of(tileMax - both);
                sum = Math.fma(sum, keep, tileSum * take);
                arithmetic.merge(tile, keep, take);
                max = both;
            }
        }
        tile.finish(sum, result, at);
    }
}
