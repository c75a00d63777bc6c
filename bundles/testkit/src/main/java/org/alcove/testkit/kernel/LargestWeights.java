package org.alcove.testkit.kernel;

import java.util.random.RandomGenerator;

/**
 * Not random at all: for {@link TestMatrix#random}, weights at both ends of what 4 bits hold. One of sixteen is the lowest, all
 * others the highest, so that sums of products of codes come as far as they can.
 */
final class LargestWeights implements RandomGenerator {

    private static final int PERIOD = 16;
    private static final double LOWEST = -8;
    private static final double HIGHEST = 7;

    private int count;

    @Override
    public double nextGaussian() {
        return count++ % PERIOD == 0 ? LOWEST : HIGHEST;
    }

    @Override
    public int nextInt(int bound) {
        return bound - 1;
    }

    @Override
    public long nextLong() {
        return count++;
    }
}
