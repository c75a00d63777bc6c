package org.alcove.engine.duty;

import java.util.Arrays;
import java.util.Set;
import org.alcove.engine.LogitsObserver;
import org.alcove.engine.SequenceRequest;
import org.alcove.engine.TokenEvent;
import org.alcove.engine.TokenEvent.Candidate;
import org.alcove.engine.forward.KvCache;
import org.alcove.engine.forward.Prefix;

/** A sequence and how far it is. Changed by the engine's thread alone, save the probabilities of its prompt. */
final class Sequence implements Comparable<Sequence> {

    final SequenceRequest request;
    final BoundedTokenStream stream;
    final LogitsObserver observer;
    private final long arrival;
    private final int most;
    /** Ids that end the answer; not asked of the request's set, which would box each token's id. */
    private final int[] ends;
    private int[] tokens;
    private int length;
    /** How many tokens have keys and values in the cache. */
    private int computed;
    private int[] blocks = new int[0];
    private int blockCount;
    /** Whether it shares blocks with others; its full blocks then, as far as they can, null before the first. */
    private boolean sharing;
    private Prefix prefix;
    private int kept;
    /** Whether it has been let in before. */
    private boolean adopted;
    private final TokenCounts counts;
    private float[] promptLogprobs;
    private Candidate[][] promptTops;

    /**
     * A sequence that arrived.
     *
     * @param observer sees the logits of a prompt that is scored
     * @param arrival counts up
     * @param context most tokens it may have
     */
    Sequence(SequenceRequest request, BoundedTokenStream stream, LogitsObserver observer, long arrival, int context) {
        this.request = request;
        this.stream = stream;
        this.observer = observer;
        this.arrival = arrival;
        this.tokens = request.tokens().clone();
        this.length = tokens.length;
        this.most = (int) Math.min(context, (long) request.promptTokens() + request.maxTokens());
        this.ends = request.endIds().stream().mapToInt(Integer::intValue).toArray();
        this.counts = Sampler.hasPenalties(request.sampling()) ? new TokenCounts() : null;
        for (int i = 0; counts != null && i < length; i++) {
            if (i < request.promptTokens()) {
                counts.addPrompt(tokens[i]);
            } else {
                counts.addAnswer(tokens[i]);
            }
        }
        if (request.promptLogprobs()) {
            promptLogprobs = new float[request.promptTokens()];
            promptTops = new Candidate[request.promptTokens()][];
            promptLogprobs[0] = Float.NaN;
            promptTops[0] = new Candidate[0];
        }
    }

    /** Those that are served first come first: by priority, then by arrival. */
    @Override
    public int compareTo(Sequence other) {
        int byPriority = Integer.compare(other.request.priority(), request.priority());
        return byPriority != 0 ? byPriority : Long.compare(arrival, other.arrival);
    }

    @Override
    public boolean equals(Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(arrival);
    }

    int token(int position) {
        return tokens[position];
    }

    /** Tokens of prompt and answer. */
    int length() {
        return length;
    }

    int computed() {
        return computed;
    }

    /** Tokens still to be computed. */
    int remaining() {
        return length - computed;
    }

    int[] blocks() {
        return blocks;
    }

    int blockCount() {
        return blockCount;
    }

    TokenCounts counts() {
        return counts;
    }

    /** Position in the answer of the next token. */
    int answerPosition() {
        return length - request.promptTokens();
    }

    /** Ids that must not be chosen now. */
    Set<Integer> forbidden() {
        return answerPosition() < request.minTokens() ? request.endIds() : Set.of();
    }

    /** Whether the logits at a position say something that is asked for. */
    boolean needsLogits(int position) {
        return position == length - 1 ? length < most : scores(position);
    }

    /** Whether the probability of the token after {@code position} is asked for. */
    boolean scores(int position) {
        return promptLogprobs != null && position + 1 < promptLogprobs.length;
    }

    void score(int position, float logprob, Candidate[] top) {
        promptLogprobs[position] = logprob;
        promptTops[position] = top;
    }

    void addBlock(int block) {
        if (blockCount == blocks.length) {
            blocks = Arrays.copyOf(blocks, Math.max(4, 2 * blocks.length));
        }
        blocks[blockCount++] = block;
    }

    /** Gives all blocks back; what is not in the cache any more then is computed again when it comes to run again. */
    void release(KvCache cache) {
        while (blockCount > 0) {
            cache.release(blocks[--blockCount]);
        }
        keepNothing();
        kept = 0;
        computed = 0;
    }

    /** Leaves what it computes to nobody, until it is let in again. */
    void keepNothing() {
        sharing = false;
        prefix = null;
    }

    /**
     * Takes what the cache has of its beginning, before anything of it is computed. The last token is computed in any case, for
     * its logits, and so is a prompt that is scored.
     */
    void adopt(KvCache cache) {
        while (promptLogprobs == null && computed + KvCache.BLOCK < length) {
            Prefix longer = cache.find(request.owner(), prefix, tokens, computed);
            if (longer == null) {
                break;
            }
            prefix = longer;
            addBlock(longer.block());
            computed += KvCache.BLOCK;
        }
        kept = blockCount;
        sharing = true;
        if (!adopted) {
            adopted = true;
            stream.found(Math.min(computed, request.promptTokens()));
        }
    }

    /** Lets others share the blocks that have become full, if it shares any. */
    void keep(KvCache cache) {
        for (; sharing && (kept + 1) * KvCache.BLOCK <= computed; kept++) {
            prefix = cache.keep(request.owner(), prefix, tokens, kept * KvCache.BLOCK, blocks[kept]);
            blocks[kept] = prefix.block();
        }
    }

    /** How many of the next tokens belong to the prompt. */
    int promptTokensOf(int count) {
        return Math.clamp(request.promptTokens() - computed, 0, count);
    }

    /** Notes computed tokens and delivers the probabilities of the prompt once they are all known. */
    void computed(int count) {
        computed += count;
        if (promptLogprobs != null && computed >= request.promptTokens()) {
            stream.add(new TokenEvent.PromptScored(promptLogprobs, promptTops));
            promptLogprobs = null;
            promptTops = null;
        }
    }

    /** Appends a chosen token and delivers it. */
    void append(TokenEvent.Token token) {
        if (length == tokens.length) {
            tokens = Arrays.copyOf(tokens, Math.max(16, length + length / 2));
        }
        tokens[length++] = token.id();
        if (counts != null) {
            counts.addAnswer(token.id());
        }
        stream.add(token);
    }

    /** Whether the last token ends the answer. */
    boolean endedItself() {
        for (int i = 0; i < ends.length && length > request.promptTokens(); i++) {
            if (ends[i] == tokens[length - 1]) {
                return true;
            }
        }
        return false;
    }

    /** Whether there may be no more tokens. */
    boolean isLongest() {
        return length >= most;
    }
}
