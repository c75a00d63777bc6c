package org.alcove.engine.forward;

import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;

/**
 * The prefixes whose blocks are in a {@link KvCache}, apart for each owner, and which of them are in nobody's use: those go first
 * that have been so for the longest time. Whoever uses a block uses those before it and gives them back later, so a prefix that
 * goes never has a longer one.
 */
final class PrefixTree {

    private final Map<String, Prefix> roots = new HashMap<>();
    private final Prefix[] byBlock;
    private final LinkedHashSet<Prefix> idle = new LinkedHashSet<>();

    PrefixTree(int blockCount) {
        byBlock = new Prefix[blockCount];
    }

    /** The prefix one block longer, with the tokens from a position on; null if it is not known. */
    Prefix find(String owner, Prefix shorter, int[] tokens, int from) {
        Prefix parent = shorter != null ? shorter : roots.get(owner);
        return parent == null ? null : parent.longer.get(new Prefix.Run(tokens, from));
    }

    /** Enters a block that is in use as one that makes a prefix longer, unless such a block is known: returns that one then. */
    Prefix enter(String owner, Prefix shorter, int[] tokens, int from, int block) {
        Prefix parent = shorter != null ? shorter : roots.computeIfAbsent(owner, any -> new Prefix(null, null, -1));
        Prefix known = parent.longer.computeIfAbsent(new Prefix.Run(tokens, from), run -> new Prefix(parent, run, block));
        byBlock[known.block] = known;
        return known;
    }

    /** Notes that nobody uses a block any more; false if it belongs to no prefix. */
    boolean rest(int block) {
        return byBlock[block] != null && idle.add(byBlock[block]);
    }

    /** Notes that a block is used again. */
    void wake(int block) {
        idle.remove(byBlock[block]);
    }

    boolean hasIdle() {
        return !idle.isEmpty();
    }

    /** Takes out all; returns the blocks that nobody uses. */
    int[] clear() {
        int[] unused = idle.stream().mapToInt(Prefix::block).toArray();
        idle.clear();
        roots.clear();
        Arrays.fill(byBlock, null);
        return unused;
    }

    /** Takes out the block that has been in nobody's use for the longest time, of those that are. */
    int forgetOldest() {
        Prefix oldest = idle.removeFirst();
        byBlock[oldest.block] = null;
        oldest.shorter.longer.remove(oldest.run);
        if (oldest.shorter.shorter == null && oldest.shorter.longer.isEmpty()) {
            roots.values().remove(oldest.shorter);
        }
        return oldest.block;
    }
}
