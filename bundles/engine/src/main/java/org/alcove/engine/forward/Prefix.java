package org.alcove.engine.forward;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * How sequences begin: whole blocks of tokens whose keys and values are in a {@link KvCache}. Blocks stand for the tokens they
 * were computed from and all tokens before them, so prefixes are a tree: each is one block longer than the one it stands under.
 */
public final class Prefix {

    final Prefix shorter;
    final Run run;
    final int block;
    final Map<Run, Prefix> longer = new HashMap<>(2);

    /**
     * @param shorter without the last block; null for a prefix without any
     * @param run tokens of the last block
     * @param block that has their keys and values
     */
    Prefix(Prefix shorter, Run run, int block) {
        this.shorter = shorter;
        this.run = run;
        this.block = block;
    }

    /** The block that makes it longer than the one it stands under. */
    public int block() {
        return block;
    }

    /** Tokens of one block. They are compared, not their hashes alone: nobody goes on from what others wrote. */
    static final class Run {
        private final int[] tokens;
        private final int hash;

        /** The tokens from a position on. */
        Run(int[] tokens, int from) {
            this.tokens = Arrays.copyOfRange(tokens, from, from + KvCache.BLOCK);
            this.hash = Arrays.hashCode(this.tokens);
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Run run && hash == run.hash && Arrays.equals(tokens, run.tokens);
        }

        @Override
        public int hashCode() {
            return hash;
        }
    }
}
