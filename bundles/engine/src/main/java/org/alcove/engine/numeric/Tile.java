package org.alcove.engine.numeric;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import org.alcove.engine.KvType;

/**
 * One query head against the keys and values of one tile: {@value #KEYS} neighbouring positions, the first of which is a
 * multiple of {@value #KEYS}. Belongs to one thread, which fills it anew for each tile.
 */
public final class Tile {

    /** Positions of a tile. */
    public static final int KEYS = 64;

    final int headSize;
    final float scale;
    private final KvLayout layout;
    private final KvNumbers numbers;
    /** Keys, then values, widened to float32; empty where they are float32 as they stand. */
    private final MemorySegment widened;
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

    /** Makes the working memory of one thread. */
    Tile(SegmentAllocator allocator, KvLayout layout) {
        this.layout = layout;
        this.numbers = new KvNumbers(layout);
        this.headSize = layout.headSize();
        this.scale = (float) (1 / Math.sqrt(headSize));
        this.totalAt = valuesAt + Math.ceilDiv(headSize, 16) * 16L;
        this.scratch = allocator.allocate(4 * (totalAt + Math.ceilDiv(headSize, 16) * 16L), 64);
        this.widened = layout.type() == KvType.F32 ? MemorySegment.NULL
                : allocator.allocate(4L * 2 * KEYS * headSize, 64);
    }

    /** The query: {@code headSize} floats. */
    void query(MemorySegment memory, long at) {
        query = memory;
        queryAt = at;
    }

    /**
     * The tile.
     *
     * @param memory of the block
     * @param keys byte at which its keys begin: {@code [headSize][KEYS]}, so that a vector holds one column of many keys
     * @param values byte at which its values begin: {@code [KEYS][headSize]}
     */
    void keys(MemorySegment memory, long keys, long values) {
        if (layout.type() == KvType.F32) {
            block = memory;
            keysAt = keys / Float.BYTES;
            blockValuesAt = values / Float.BYTES;
            return;
        }
        block = widened;
        keysAt = 0;
        blockValuesAt = (long) KEYS * headSize;
        numbers.widen(memory.asSlice(keys, layout.headBytes()), widened, keysAt, true);
        numbers.widen(memory.asSlice(values, layout.headBytes()), widened, blockValuesAt, false);
    }

    /** The keys that count: from {@code first} up to, but without, {@code end}; at least one. */
    void bounds(int firstKey, int endKey) {
        first = firstKey;
        end = endKey;
    }

    /** Makes the values of this tile those of all tiles so far: for the first tile. */
    void begin() {
        MemorySegment.copy(scratch, 4 * valuesAt, scratch, 4 * totalAt, 4L * headSize);
    }

    /** Divides the values of all tiles by {@code sum} and writes them. */
    void finish(float sum, MemorySegment target, long at) {
        for (int i = 0; i < headSize; i++) {
            target.setAtIndex(PlainArithmetic.FLOAT, at + i, scratch.getAtIndex(PlainArithmetic.FLOAT, totalAt + i) / sum);
        }
    }
}
