package org.alcove.load;

import java.util.Arrays;
import java.util.List;

/**
 * What came of so many streams at once.
 *
 * @param streams how many at once
 * @param tokensPerSecond answer tokens of all streams together
 * @param firstMillis median time from a request to its first text
 * @param slowFirstMillis the same, 95th percentile
 * @param nextMillis median time from one token to the next
 * @param slowNextMillis the same, 95th percentile
 */
record Measurement(int streams, double tokensPerSecond, double firstMillis, double slowFirstMillis, double nextMillis,
        double slowNextMillis) {

    private static final double MILLI = 1e-6;
    private static final double SLOW = 0.95;

    /** Sums up answers that took {@code nanos} in all. */
    static Measurement of(int streams, List<Answer> answers, long nanos) {
        double[] first = answers.stream().mapToDouble(Answer::firstNanos).toArray();
        double[] next = answers.stream().mapToDouble(Answer::nextNanos).filter(Double::isFinite).toArray();
        long tokens = answers.stream().mapToLong(Answer::tokens).sum();
        return new Measurement(streams, tokens * 1e9 / nanos, quantile(first, 0.5) * MILLI, quantile(first, SLOW) * MILLI,
                quantile(next, 0.5) * MILLI, quantile(next, SLOW) * MILLI);
    }

    /** The smallest value that is not below a share of all; NaN of none. */
    static double quantile(double[] values, double share) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted.length == 0 ? Double.NaN : sorted[Math.max(0, (int) Math.ceil(share * sorted.length) - 1)];
    }
}
