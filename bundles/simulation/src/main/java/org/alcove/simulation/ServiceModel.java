package org.alcove.simulation;

/**
 * How a worker serves what it has: at most {@code slots} requests at once, the others wait in the order in which they came; those
 * being served share the worker's speed evenly, and none gets more than the share {@code alone} of it.
 *
 * <p>This is how Alcove's engine works: each step computes all running sequences, at most {@code max_running} of them, and one
 * sequence by itself leaves most of a step's arithmetic unused. One slot and the whole speed make a queue served one after the
 * other.
 *
 * @param slots most requests served at once, at least 1
 * @param alone share of the speed that one request can use, above 0 and at most 1
 */
record ServiceModel(int slots, double alone) {

    /** One after the other, each at full speed. */
    static final ServiceModel ONE_BY_ONE = new ServiceModel(1, 1);

    ServiceModel {
        if (slots < 1 || !(alone > 0 && alone <= 1)) {
            throw new IllegalArgumentException("a worker needs at least 1 slot and a share above 0 and at most 1, not " + slots
                    + " and " + alone);
        }
    }

    /** Tokens per second that each of so many running requests gets. */
    double rate(double speed, int running) {
        return speed * Math.min(alone, 1.0 / running);
    }
}
