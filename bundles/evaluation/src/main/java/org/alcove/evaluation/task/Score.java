package org.alcove.evaluation.task;

/**
 * What a model makes of a continuation.
 *
 * @param logprob natural logarithm of its probability, given the context
 * @param greedy whether each of its tokens is the likeliest at its place
 */
record Score(double logprob, boolean greedy) {
}
