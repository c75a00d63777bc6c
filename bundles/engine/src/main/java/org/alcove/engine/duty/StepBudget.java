package org.alcove.engine.duty;

import org.alcove.engine.EngineSettings;

/**
 * How many tokens a step may have so that it takes about the wanted time, learned from steps measured. As long as no answer is
 * being written, nobody waits for a step but those whose prompts are read, and these are read sooner in long steps: each step
 * reads all weights, which with a large model takes as long as multiplying them by some ten tokens.
 */
class StepBudget {

    static final int MOST = 512;
    /** By how much longer a step may be that no answer waits for. Not for ever: a cancelled prompt ends with its step. */
    static final int PATIENCE = 16;
    private static final int LEAST = 8;
    private static final int FIRST = 64;
    private static final int MOST_GROWTH = 4;

    private final long wantedNanos;
    private int answeringTokens;
    private int readingTokens;

    /**
     * A budget to begin with.
     *
     * @param wantedNanos of a step while answers are being written
     * @param tokensPerSecond most tokens a second that the engine is held to; 0 for no limit
     */
    StepBudget(long wantedNanos, int tokensPerSecond) {
        this.wantedNanos = wantedNanos;
        answeringTokens = first(wantedNanos, tokensPerSecond);
        readingTokens = first(wantedNanos * PATIENCE, tokensPerSecond);
    }

    static StepBudget of(EngineSettings settings) {
        return new StepBudget(settings.stepMillis() * 1_000_000L, settings.maxTokensPerSecond());
    }

    /** No more than the limit lets through in that time: the engine pauses after a step that has more. */
    private static int first(long wanted, int tokensPerSecond) {
        return tokensPerSecond == 0 ? FIRST : (int) Math.clamp(tokensPerSecond * (wanted / 1e9), LEAST, FIRST);
    }

    /** @param answering whether answers are being written */
    int tokens(boolean answering) {
        return answering ? answeringTokens : readingTokens;
    }

    /** Learns from a step. */
    void measured(boolean answering, int stepTokens, long nanos) {
        if (answering) {
            answeringTokens = learned(answeringTokens, stepTokens, nanos, wantedNanos);
        } else {
            readingTokens = learned(readingTokens, stepTokens, nanos, wantedNanos * PATIENCE);
        }
    }

    /** Only a step that was about full says whether more would fit. */
    private static int learned(int tokens, int stepTokens, long nanos, long wanted) {
        double ratio = wanted / (double) Math.max(nanos, 1);
        if (ratio < 1) {
            return Math.max(LEAST, (int) (Math.min(tokens, stepTokens) * Math.max(ratio, 1.0 / MOST_GROWTH)));
        }
        return stepTokens < tokens / 4 * 3 ? tokens : Math.min(MOST, 1 + (int) (tokens * Math.min(ratio, MOST_GROWTH)));
    }
}
