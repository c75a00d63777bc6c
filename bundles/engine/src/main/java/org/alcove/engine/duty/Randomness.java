package org.alcove.engine.duty;

/** Random numbers as a function of a seed and a position, so that an answer can be resumed and repeated. */
final class Randomness {

    private static final long STEP = 0x9E3779B97F4A7C15L;

    private Randomness() {
    }

    /** A number from 0 up to, but without, 1, of 53 bits. */
    static double uniform(long seed, int position) {
        return (mix(mix(seed) + STEP * (position + 1L)) >>> 11) * 0x1p-53;
    }

    /** The finalizer of SplitMix64. */
    private static long mix(long bits) {
        long z = (bits ^ bits >>> 30) * 0xBF58476D1CE4E5B9L;
        z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
        return z ^ z >>> 31;
    }
}
