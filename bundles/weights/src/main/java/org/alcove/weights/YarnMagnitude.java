package org.alcove.weights;

/**
 * By how much YaRN multiplies cosines and sines where a model says nothing more. Key {@code rope.scaling.attn_factor} multiplies
 * it once more; {@code attention_factor} of a {@code config.json} takes its place.
 */
public final class YarnMagnitude {

    private YarnMagnitude() {
    }

    /**
     * The magnitude.
     *
     * @param factor by how much the context is stretched
     */
    public static double of(double factor) {
        return factor <= 1 ? 1 : 0.1 * StrictMath.log(factor) + 1;
    }
}
