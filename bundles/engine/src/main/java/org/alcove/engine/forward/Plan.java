package org.alcove.engine.forward;

/**
 * The tokens that one step computes, of any number of sequences. Tokens of a sequence are neighbours in ascending order of their
 * positions, and everything before them is in the KV cache. Made once and filled anew for each step.
 */
public final class Plan {

    final int[] ids;
    final int[] positions;
    /** For each token, the blocks of its sequence. */
    final int[][] blocks;
    /** Indices of the tokens whose logits are wanted, ascending. */
    final int[] outputs;
    private int tokenCount;
    private int outputCount;

    /** Room for that many tokens. */
    public Plan(int most) {
        ids = new int[most];
        positions = new int[most];
        blocks = new int[most][];
        outputs = new int[most];
    }

    /** Removes all tokens. */
    public void clear() {
        tokenCount = 0;
        outputCount = 0;
    }

    /**
     * Adds a token.
     *
     * @param sequenceBlocks blocks of its sequence, up to its position at least
     * @param output whether its logits are wanted
     */
    public void add(int id, int position, int[] sequenceBlocks, boolean output) {
        ids[tokenCount] = id;
        positions[tokenCount] = position;
        blocks[tokenCount] = sequenceBlocks;
        if (output) {
            outputs[outputCount++] = tokenCount;
        }
        tokenCount++;
    }

    /** Number of tokens. */
    public int tokens() {
        return tokenCount;
    }

    /** Number of tokens that there is room for. */
    public int room() {
        return ids.length - tokenCount;
    }

    /** Number of tokens whose logits are wanted. */
    public int outputs() {
        return outputCount;
    }
}
