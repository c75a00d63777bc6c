package org.alcove.experiments.integerscales;

/** Codes -8 to 7 of some neighbouring weights under one scale. */
final class Codes {

    static final int LOWEST = -8;
    static final int HIGHEST = 7;

    /** Largest binary16. */
    private static final float LARGEST_HALF = 65504;

    /** What rounds a float of small magnitude to a whole number when it is added and subtracted again. */
    private static final float ROUNDING = 0x1.8p23f;

    private Codes() {
    }

    /** The code whose value is nearest to a weight. Under a scale of 0 all codes are as good, and 0 is taken. */
    static int nearest(float weight, float scale) {
        return (int) whole(weight, scale);
    }

    private static float whole(float weight, float scale) {
        float wanted = scale == 0 ? 0 : Math.max(LOWEST, Math.min(HIGHEST, weight / scale));
        return wanted + ROUNDING - ROUNDING;
    }

    /** The sum of squares that the nearest codes leave, each by its importance; exact if it is below the bound. */
    static double error(float[] weights, Span span, float scale, Search.Importance importance, double bound) {
        double error = 0;
        for (int i = span.first; i < span.end && error < bound; i++) {
            double difference = weights[i] - scale * whole(weights[i], scale);
            error += importance.of(weights[i]) * difference * difference;
        }
        return error;
    }

    /** Weights from first to end. */
    record Span(int first, int end) {
    }

    /** Of the weights from first to end, the one of largest magnitude, with its sign. */
    static float extreme(float[] weights, int first, int end) {
        float extreme = 0;
        for (int i = first; i < end; i++) {
            if (!Float.isFinite(weights[i])) {
                throw new IllegalArgumentException("weight " + i + " is " + weights[i] + ": only finite weights can be packed");
            }
            extreme = Math.abs(weights[i]) > Math.abs(extreme) ? weights[i] : extreme;
        }
        return extreme;
    }

    /** The nearest value that a binary16 can hold; no negative zero. */
    static float half(double value) {
        return Float.float16ToFloat(Float.floatToFloat16((float) Math.clamp(value, -LARGEST_HALF, LARGEST_HALF))) + 0f;
    }
}
