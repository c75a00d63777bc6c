package org.alcove.engine;

/** What happens to a sequence. */
public sealed interface TokenEvent {

    /**
     * Probabilities of the prompt's tokens, where asked for; comes once, before any token.
     *
     * @param logprobs natural logarithm of each token's probability given those before; NaN for the first
     * @param tops the likeliest tokens at each position, likeliest first
     */
    record PromptScored(float[] logprobs, Candidate[][] tops) implements TokenEvent {
    }

    /**
     * A token was chosen.
     *
     * @param id the token
     * @param logprob natural logarithm of its probability before the sampling chain; NaN where not asked for
     * @param top the likeliest tokens at its position, likeliest first; empty where not asked for
     */
    record Token(int id, float logprob, Candidate[] top) implements TokenEvent {
    }

    /**
     * The sequence ended as asked.
     *
     * @param ended whether an end id was chosen; else it reached its most tokens or the context's end
     */
    record Finished(boolean ended) implements TokenEvent {
    }

    /** The sequence cannot go on. */
    record Failed(Fault fault, String message) implements TokenEvent {
    }

    /** Why a sequence cannot go on. */
    enum Fault {
        /** No kernel for a format of the model within the grace period. */
        NO_KERNEL,
        /** The reader took nothing for too long. */
        READER_STALLED,
        /** The engine was closed. */
        CLOSED,
        /** A kernel threw, or the model's numbers are not finite. */
        INTERNAL
    }

    /** A token and the natural logarithm of its probability. */
    record Candidate(int id, float logprob) {
    }
}
