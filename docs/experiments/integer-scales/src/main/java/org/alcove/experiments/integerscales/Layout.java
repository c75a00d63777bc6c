package org.alcove.experiments.integerscales;

/** A way to hold weights in about four bits, judged by the values that come back. */
sealed interface Layout permits PlainGroups, IntegerScales {

    /** How many neighbouring weights are packed together. */
    int weights();

    /** Bits of memory, scales included. */
    double bitsPerWeight();

    /** Packs the weights from first on and unpacks them again, exactly, into the same places of values. */
    void approximate(float[] weights, int first, float[] values);

    /** Packs and unpacks all weights; refuses a number of them that the layout does not divide. */
    default float[] approximate(float[] weights) {
        if (weights.length % weights() != 0) {
            throw new IllegalArgumentException(weights.length + " weights are no multiple of " + weights()
                    + ": leave this tensor as it is");
        }
        float[] values = new float[weights.length];
        for (int first = 0; first < weights.length; first += weights()) {
            approximate(weights, first, values);
        }
        return values;
    }
}
