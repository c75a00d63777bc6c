package org.alcove.engine.forward;

import org.alcove.weights.ModelFormatException;
import org.alcove.weights.YarnMagnitude;

/** Changes RoPE's frequencies so that a model reaches beyond the length it was first trained on. */
final class RopeScaling {

    private RopeScaling() {
    }

    /**
     * Scales frequencies in place as the keys say. A factor without a type is linear.
     *
     * @param divided whether a table has divided the frequencies before, which is how GGUF files say llama3
     * @return by how much cosines and sines are multiplied
     */
    static double apply(Keys keys, double[] frequencies, double base, boolean divided) throws ModelFormatException {
        String type = keys.text("rope.scaling.type").orElse("linear");
        double magnitude = 1;
        switch (type) {
            case "none" -> {
            }
            case "linear" -> linear(keys, frequencies);
            case "llama3" -> {
                if (!divided) {
                    llama3(keys, frequencies);
                }
            }
            case "yarn" -> magnitude = yarn(keys, frequencies, base);
            default -> throw keys.error("rope.scaling.type", "RoPE scaling " + type
                    + " is not supported; linear, llama3 and yarn are");
        }
        return magnitude * keys.number("rope.scaling.attn_factor", 1);
    }

    private static void linear(Keys keys, double[] frequencies) throws ModelFormatException {
        String key = keys.has("rope.scaling.factor") ? "rope.scaling.factor" : "rope.scale_linear";
        // Some files say 0 for no scaling.
        double factor = keys.zero(key) ? 1 : keys.number(key, 1);
        for (int i = 0; i < frequencies.length; i++) {
            frequencies[i] /= factor;
        }
    }

    /** Llama 3.1: long waves are stretched, short ones kept, those between blended. */
    private static void llama3(Keys keys, double[] frequencies) throws ModelFormatException {
        double factor = keys.number("rope.scaling.factor");
        double low = keys.number("rope.scaling.low_freq_factor");
        double high = keys.number("rope.scaling.high_freq_factor");
        double original = keys.positive("rope.scaling.original_context_length");
        if (high <= low) {
            throw keys.error("rope.scaling.high_freq_factor", "it is " + high + ", but must be above low_freq_factor, " + low);
        }
        for (int i = 0; i < frequencies.length; i++) {
            double turns = original * frequencies[i] / (2 * Math.PI);
            double keep = Math.clamp((turns - low) / (high - low), 0, 1);
            frequencies[i] = (1 - keep) * frequencies[i] / factor + keep * frequencies[i];
        }
    }

    /** YaRN: a ramp over the columns between those that turn often (kept) and seldom (stretched). */
    private static double yarn(Keys keys, double[] frequencies, double base) throws ModelFormatException {
        double factor = keys.number("rope.scaling.factor");
        double original = keys.positive("rope.scaling.original_context_length");
        int columns = 2 * frequencies.length;
        double first = Math.floor(turning(keys.number("rope.scaling.yarn_beta_fast", 32), columns, original, base));
        double last = Math.ceil(turning(keys.number("rope.scaling.yarn_beta_slow", 1), columns, original, base));
        first = Math.max(first, 0);
        last = Math.min(last, columns - 1);
        double width = Math.max(last - first, 0.001);
        for (int i = 0; i < frequencies.length; i++) {
            double stretch = Math.clamp((i - first) / width, 0, 1);
            frequencies[i] = stretch * frequencies[i] / factor + (1 - stretch) * frequencies[i];
        }
        return YarnMagnitude.of(factor);
    }

    /** Index of the pair that turns that often within the original length. */
    private static double turning(double turns, int columns, double original, double base) {
        return columns * StrictMath.log(original / (turns * 2 * Math.PI)) / (2 * StrictMath.log(base));
    }
}
