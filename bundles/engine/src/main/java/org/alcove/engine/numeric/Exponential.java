package org.alcove.engine.numeric;

/**
 * The exponential function of {@code docs/numerics.md} section 4: {@code 2^n} times the Taylor polynomial of degree 7 of the
 * rest, which is at most half of ln 2 and gives an error of less than two units in the last place. Not the library's: that one
 * may differ between machines.
 */
public final class Exponential {

    /** Below this the result is 0, so that no result is subnormal. */
    static final float LOWEST = -87;
    /** Above this the argument is taken as this, so that no result is infinite. */
    static final float HIGHEST = 88;

    static final float LOG2_E = 1.44269504f;
    /** 1.5 · 2^23: adding it rounds to an integer, which then stands in the low bits. */
    static final float ROUNDER = 0x1.8p23f;
    /** ln 2 in two parts; the product of the first with an exponent is exact. */
    static final float LN2_HIGH = 0x1.62e4p-1f;
    static final float LN2_LOW = 0x1.7f7d1cp-20f;

    static final float C7 = 1 / 5040f;
    static final float C6 = 1 / 720f;
    static final float C5 = 1 / 120f;
    static final float C4 = 1 / 24f;
    static final float C3 = 1 / 6f;
    static final float C2 = 1 / 2f;

    private Exponential() {
    }

    /** e to the power of x; not a number for what is none. */
    public static float of(float x) {
        if (x < LOWEST) {
            return 0;
        }
        float bounded = x > HIGHEST ? HIGHEST : x;
        float shifted = Math.fma(bounded, LOG2_E, ROUNDER);
        float n = shifted - ROUNDER;
        float r = Math.fma(n, -LN2_LOW, Math.fma(n, -LN2_HIGH, bounded));
        float p = Math.fma(C7, r, C6);
        p = Math.fma(p, r, C5);
        p = Math.fma(p, r, C4);
        p = Math.fma(p, r, C3);
        p = Math.fma(p, r, C2);
        p = Math.fma(p, r, 1);
        p = Math.fma(p, r, 1);
        return p * Float.intBitsToFloat((Float.floatToRawIntBits(shifted) << 23) + (127 << 23));
    }
}
