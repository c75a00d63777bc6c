package org.alcove.engine.duty;

/** How many tokens a step may have so that it takes about the wanted time, learned from steps measured. */
class StepBudget {

    static final int MOST = 512;
    private static final int LEAST = 8;
    private static final int FIRST = 64;

    private final long wantedNanos;
    private int tokens = FIRST;

    StepBudget(long wantedNanos) {
        this.wantedNanos = wantedNanos;
    }

    int tokens() {
        return tokens;
    }

    /** Learns from a step. Only one that was about full says whether more would fit. */
    void measured(int stepTokens, long nanos) {
        double ratio = wantedNanos / (double) Math.max(nanos, 1);
        if (ratio < 1) {
            tokens = Math.max(LEAST, (int) (Math.min(tokens, stepTokens) * Math.max(ratio, 0.25)));
        } else if (stepTokens >= tokens / 4 * 3) {
            tokens = Math.min(MOST, 1 + (int) (tokens * Math.min(ratio, 2)));
        }
    }
}
