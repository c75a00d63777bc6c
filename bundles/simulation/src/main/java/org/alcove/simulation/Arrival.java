package org.alcove.simulation;

/**
 * A request that comes.
 *
 * @param seconds when, after the first one
 * @param work tokens to be computed, of the prompt and of the answer together, as {@code WorkerStatus.speed} counts them
 */
record Arrival(double seconds, double work) {
}
