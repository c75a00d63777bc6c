package org.alcove.evaluation;

/**
 * The exponential of the mean negative logarithm of the probabilities that a model gives to the tokens of a text, each given
 * those before: {@code exp(-1/N * sum over i of ln p(x_i | x_<i))}.
 */
final class Perplexity {

    private double sum;
    private double squares;
    private long count;

    /** Adds the natural logarithm of a token's probability. */
    void add(double logprob) {
        sum -= logprob;
        squares += logprob * logprob;
        count++;
    }

    /** Tokens added. */
    long count() {
        return count;
    }

    /** Sum of the negative logarithms, in nats. */
    double nats() {
        return sum;
    }

    double value() {
        return Math.exp(sum / count);
    }

    /** Standard error, as if the tokens were independent; the same estimate as llama.cpp prints. */
    double error() {
        double mean = sum / count;
        double variance = squares / count - mean * mean;
        return count < 2 ? Double.NaN : value() * Math.sqrt(Math.max(0, variance) / (count - 1));
    }
}
