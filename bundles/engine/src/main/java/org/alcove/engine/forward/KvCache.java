package org.alcove.engine.forward;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.alcove.engine.numeric.KvLayout;
import org.alcove.engine.numeric.PageArena;
import org.alcove.engine.numeric.Tile;

/**
 * Keys and values of computed tokens, in blocks of {@value #BLOCK} neighbouring positions, all layers together. A block is a
 * tile of attention, laid out as {@link KvLayout} says. References to blocks are counted, so that sequences that begin alike can
 * share what they begin with; and what nobody uses any more stays, as long as its block is not needed, for sequences to come.
 * Memory is taken from the system when a block is used for the first time. Used by the engine's thread alone, save for the
 * counts.
 */
public final class KvCache implements AutoCloseable {

    /** Positions of a block. */
    public static final int BLOCK = Tile.KEYS;

    private final Arena arena = new PageArena();
    private final MemorySegment[] blocks;
    private final int[] references;
    /** Blocks that hold nothing; the first {@code empty} of them count. */
    private final int[] free;
    private int empty;
    private final PrefixTree prefixes;
    /** Blocks that have memory, and how many may have as long as others hold only what somebody may ask for again. */
    private int provided;
    private int comfortable;
    private final KvLayout layout;
    private volatile int freeCount;

    /** A cache for that many blocks. */
    public KvCache(KvLayout layout, int blockCount) {
        this(layout, blockCount, blockCount);
    }

    /**
     * A cache for that many blocks.
     *
     * @param comfortable how many of them may hold what nobody uses; the memory of more is taken only when sequences need it
     */
    public KvCache(KvLayout layout, int blockCount, int comfortable) {
        this.layout = layout;
        this.comfortable = comfortable;
        blocks = new MemorySegment[blockCount];
        references = new int[blockCount];
        free = new int[blockCount];
        Arrays.setAll(free, i -> blockCount - 1 - i);
        empty = blockCount;
        prefixes = new PrefixTree(blockCount);
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

    /** Blocks in no one's use, those included that hold what somebody may ask for again. */
    public int free() {
        return freeCount;
    }

    /**
     * Takes a free block, with one reference: an empty one, else that which nobody has asked for for the longest time.
     *
     * @throws IllegalStateException if none is free
     * @throws OutOfMemoryError if the system has no memory for it; the block stays free
     */
    public int take() {
        if (freeCount == 0) {
            throw new IllegalStateException("all " + blocks.length + " blocks of the KV cache are in use");
        }
        int block = hasEmpty() ? free[--empty] : prefixes.forgetOldest();
        references[block] = 1;
        count(-1);
        return block;
    }

    /** Whether there is an empty block with memory. What others left is given up rather than that memory runs short. */
    private boolean hasEmpty() {
        if (empty == 0 || blocks[free[empty - 1]] != null) {
            return empty > 0;
        }
        if (prefixes.hasIdle() && provided >= comfortable) {
            return false;
        }
        try {
            blocks[free[empty - 1]] = arena.allocate(layout.blockBytes(), 64);
            provided++;
            return true;
        } catch (OutOfMemoryError e) {
            if (!prefixes.hasIdle()) {
                throw e;
            }
            comfortable = provided;
            return false;
        }
    }

    /** Forgets what blocks hold that sequences to come would use: what computed it may have been at fault. */
    public void forget() {
        for (int block : prefixes.clear()) {
            free[empty++] = block;
        }
    }

    /** Adds a reference to a block that is in use, or belongs to a prefix. */
    private void retain(int block) {
        if (references[block]++ == 0) {
            prefixes.wake(block);
            count(-1);
        }
    }

    /** Gives a reference back; the last one frees the block. Of a sequence's blocks the last one is to be given back first. */
    public void release(int block) {
        if (references[block] < 1) {
            throw new IllegalStateException("block " + block + " of the KV cache is not in use");
        }
        if (--references[block] == 0) {
            if (!prefixes.rest(block)) {
                free[empty++] = block;
            }
            count(1);
        }
    }

    /** Only the engine's thread comes here. */
    private void count(int change) {
        freeCount = freeCount + change;
    }

    /**
     * Takes the block that holds the tokens from a position on, which have those of a prefix before them, with one reference.
     *
     * @param owner whose sequences share what they begin with
     * @param shorter what comes before; null at the beginning
     * @return the prefix that is one block longer; null if there is none
     */
    public Prefix find(String owner, Prefix shorter, int[] tokens, int from) {
        Prefix found = prefixes.find(owner, shorter, tokens, from);
        if (found != null) {
            retain(found.block);
        }
        return found;
    }

    /**
     * Notes what a full block in use was computed from. Where another block holds the same, and so the same bits, that one takes
     * its place: its reference is taken and the other's given back.
     *
     * @return the prefix whose block is to be used from now on
     */
    public Prefix keep(String owner, Prefix shorter, int[] tokens, int from, int block) {
        Prefix kept = prefixes.enter(owner, shorter, tokens, from, block);
        if (kept.block != block) {
            retain(kept.block);
            release(block);
        }
        return kept;
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
