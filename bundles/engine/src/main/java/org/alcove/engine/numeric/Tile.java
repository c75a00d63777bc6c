package org.alcove.engine.numeric;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import org.alcove.engine.KvType;

/**
 * Rows (query heads of tokens) against the keys and values of one tile: {@value #KEYS} neighbouring positions, the first of which
 * is a multiple of {@value #KEYS}. Belongs to one thread, which fills it anew for each tile, and sets the row that meets it.
 */
public final class Tile {

    /** Positions of a tile. */
    public static final int KEYS = 64;

    /** Where in the scratch memory, in floats, the lanes of a sum and the values of the tile are. */
    static final long LANES_AT = KEYS;
    static final long VALUES_AT = KEYS + 16;

    final int headSize;
    final float scale;
    private final KvLayout layout;
    private final KvNumbers numbers;
    /** Keys, then values, widened to float32; empty where they are float32 as they stand. */
    private final MemorySegment widened;
    /** Floats: KEYS scores, then weights; 16 lanes of a sum; headSize values of the tile. */
    final MemorySegment scratch;
    /** By row, of all tiles so far. */
    private final float[] maxima = new float[AttentionStep.MOST_ROWS];
    private final float[] sums = new float[AttentionStep.MOST_ROWS];

    private int row;
    MemorySegment query;
    /** Values of all tiles so far: where the result is to be. */
    MemorySegment total;
    /** Where the query, and the values of all tiles, begin. */
    long rowAt;
    MemorySegment block;
    long keysAt;
    long blockValuesAt;
    int first;
    int end;

    /** Makes the working memory of one thread. */
    Tile(SegmentAllocator allocator, KvLayout layout) {
        this.layout = layout;
        this.numbers = new KvNumbers(layout);
        this.headSize = layout.headSize();
        this.scale = (float) (1 / Math.sqrt(headSize));
        this.scratch = allocator.allocate(4 * (VALUES_AT + Math.ceilDiv(headSize, 16) * 16L), 64);
        this.widened = layout.type() == KvType.F32 ? MemorySegment.NULL
                : allocator.allocate(4L * 2 * KEYS * headSize, 64);
    }

    /**
     * The tile.
     *
     * @param arithmetic that widens
     * @param memory of the block
     * @param keys byte at which its keys begin: {@code [headSize][KEYS]}, so that a vector holds one column of many keys
     * @param values byte at which its values begin: {@code [KEYS][headSize]}
     */
    void keys(TileArithmetic arithmetic, MemorySegment memory, long keys, long values) {
        if (layout.type() == KvType.F32) {
            block = memory;
            keysAt = keys / Float.BYTES;
            blockValuesAt = values / Float.BYTES;
            return;
        }
        block = widened;
        keysAt = 0;
        blockValuesAt = (long) KEYS * headSize;
        long half = widened.byteSize() / 2;
        arithmetic.widen(numbers, memory.asSlice(keys, layout.headBytes()), widened.asSlice(0, half), true);
        arithmetic.widen(numbers, memory.asSlice(values, layout.headBytes()), widened.asSlice(half), false);
    }

    /** The row that meets the tile: its number among those that do, and the query that it is. */
    void row(AttentionStep step, int number, int token, int head) {
        row = number;
        query = step.queries;
        total = step.result;
        rowAt = ((long) token * step.heads + head) * headSize;
    }

    /** The keys that count: from {@code first} up to, but without, {@code end}; at least one. */
    void bounds(int firstKey, int endKey) {
        first = firstKey;
        end = endKey;
    }

    /** The largest score of the row in all tiles so far. */
    float max() {
        return maxima[row];
    }

    /** The sum of the row's weights in all tiles so far. */
    float sum() {
        return sums[row];
    }

    /** What the row has after a tile was merged. */
    void merged(float max, float sum) {
        maxima[row] = max;
        sums[row] = sum;
    }

    /** Makes the values of this tile those of all tiles so far: for the first tile of a row. */
    void begin(float max, float sum) {
        MemorySegment.copy(scratch, 4 * VALUES_AT, total, 4 * rowAt, 4L * headSize);
        merged(max, sum);
    }

    /** Divides the values of all tiles by the sum of the weights. */
    void finish() {
        for (int i = 0; i < headSize; i++) {
            total.setAtIndex(PlainArithmetic.FLOAT, rowAt + i, total.getAtIndex(PlainArithmetic.FLOAT, rowAt + i) / sums[row]);
        }
    }
}
