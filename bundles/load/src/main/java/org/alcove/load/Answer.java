package org.alcove.load;

/**
 * A streamed answer, as it was timed by the reader.
 *
 * @param tokens tokens of the answer, as the server counts them
 * @param firstNanos from the request to the first text
 * @param lastNanos from the request to the last text
 */
record Answer(int tokens, long firstNanos, long lastNanos) {

    /** Time from one token to the next, after the first one; NaN for answers of one token. */
    double nextNanos() {
        return tokens < 2 ? Double.NaN : (lastNanos - firstNanos) / (double) (tokens - 1);
    }
}
