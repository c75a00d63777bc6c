package org.alcove.engine.numeric;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;

/**
 * One query head against the keys and values of one tile: {@value #KEYS} neighbouring positions, the first of which is a
 * multiple of {@value #KEYS}. Belongs to one thread, which fills it anew for each tile.
 */
public final class Tile {

    /** Positions of a tile. */
    public static final int KEYS = 64;

    final int headSize;
    final float scale;
    /** Floats: KEYS scores, then weights; 16 lanes of a sum; headSize values of the tile; headSize values of all tiles. */
    final MemorySegment scratch;
    final long lanesAt = KEYS;
    final long valuesAt = KEYS + 16;
    final long totalAt;

    MemorySegment query;
    long queryAt;
    MemorySegment block;
    long keysAt;
    long blockValuesAt;
    int first;
    int end;

    /** Makes the working memory of one thread for heads of that size. */
    public Tile(SegmentAllocator allocator, int headSize) {
        this.headSize = headSize;
        this.scale = (float) (1 / Math.sqrt(headSize));
        this.totalAt = valuesAt + Math.ceilDiv(headSize, 16) * 16L;
        this.scratch = allocator.allocate(4 * (totalAt + Math.ceilDiv(headSize, 16) * 16L), 64);
    }

    /** The query: {@code headSize} floats. */
    public void query(MemorySegment memory, long at) {
        query = memory;
        queryAt = at;
    }

    /**
     * The tile.
     *
     * @param memory of the block
     * @param keys where its keys begin: {@code [headSize][KEYS]}, so that a vector holds one column of many keys
     * @param values where its values begin: {@code [KEYS][headSize]}
     */
    public void keys(MemorySegment memory, long keys, long values) {
        block = memory;
        keysAt = keys;
        blockValuesAt = values;
    }

    /** The keys that count: from {@code first} up to, but without, {@code end}; at least one. */
    public void bounds(int firstKey, int endKey) {
        first = firstKey;
        end = endKey;
    }

    /** Makes the values of this tile those of all tiles so far: for the first tile. */
    public void begin() {
        MemorySegment.copy(scratch, 4 * valuesAt, scratch, 4 * totalAt, 4L * headSize);
    }

    /** Divides the values of all tiles by {@code sum} and writes them. */
    public void finish(float sum, MemorySegment target, long at) {
        for (int i = 0; i < headSize; i++) {
            target.setAtIndex(PlainArithmetic.FLOAT, at + i, scratch.getAtIndex(PlainArithmetic.FLOAT, totalAt + i) / sum);
        }
    }
}
