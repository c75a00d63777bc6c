package org.alcove.engine.forward;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.alcove.engine.numeric.KvLayout;
import org.alcove.engine.numeric.PageArena;
import org.alcove.engine.numeric.Tile;

/**
 * Keys and values of computed tokens, in blocks of {@value #BLOCK} neighbouring positions, all layers together. A block is a
 * tile of attention, laid out as {@link KvLayout} says. Blocks are counted references, so that sequences can share a beginning.
 * Memory is taken from the system when a block is used for the first time. Used by the engine's thread alone, save for the
 * counts.
 */
public final class KvCache implements AutoCloseable {

    /** Positions of a block. */
    public static final int BLOCK = Tile.KEYS;

    private final Arena arena = new PageArena();
    private final MemorySegment[] blocks;
    private final int[] references;
    private final int[] free;
    private final KvLayout layout;
    private volatile int freeCount;

    /** A cache for that many blocks. */
    public KvCache(KvLayout layout, int blockCount) {
        this.layout = layout;
        blocks = new MemorySegment[blockCount];
        references = new int[blockCount];
        free = new int[blockCount];
        Arrays.setAll(free, i -> blockCount - 1 - i);
        freeCount = blockCount;
    }

    /** Blocks that so many tokens need. */
    public static int blocksFor(int tokens) {
        return Math.ceilDiv(tokens, BLOCK);
    }

    /** Number of blocks. */
    public int size() {
        return blocks.length;
    }

    /** Blocks in no one's use. */
    public int free() {
        return freeCount;
    }

    /**
     * Takes a free block, with one reference.
     *
     * @throws IllegalStateException if none is free
     * @throws OutOfMemoryError if the system has no memory for it; the block stays free
     */
    public int take() {
        int left = freeCount;
        if (left == 0) {
            throw new IllegalStateException("all " + blocks.length + " blocks of the KV cache are in use");
        }
        int block = free[left - 1];
        if (blocks[block] == null) {
            blocks[block] = arena.allocate(layout.blockBytes(), 64);
        }
        freeCount = left - 1;
        references[block] = 1;
        return block;
    }

    /** Adds a reference to a block. */
    public void retain(int block) {
        references[block]++;
    }

    /** Gives a reference back; the last one frees the block. */
    public void release(int block) {
        if (references[block] < 1) {
            throw new IllegalStateException("block " + block + " of the KV cache is not in use");
        }
        if (--references[block] == 0) {
            int left = freeCount;
            free[left] = block;
            freeCount = left + 1;
        }
    }

    /** Bytes once all blocks are in use. */
    public long bytes() {
        return blocks.length * layout.blockBytes();
    }

    KvLayout layout() {
        return layout;
    }

    /** Memory of each block, by its number; null where it was never used. */
    MemorySegment[] blocks() {
        return blocks;
    }

    @Override
    public void close() {
        arena.close();
    }
}
