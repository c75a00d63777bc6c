package org.alcove.weights.quantize;

import java.util.Optional;
import org.alcove.weights.ModelFile;
import org.alcove.weights.ModelFormatException;

/**
 * Llama 3.1's way to scale RoPE, as four numbers ({@code config.json}) and as the divisors of each pair's frequency that GGUF
 * files hold in {@code rope_freqs.weight}.
 *
 * @param factor by how much long waves are stretched
 * @param low waves that turn less often than that within the original length are stretched
 * @param high waves that turn more often than that are kept
 * @param originalLength tokens the model was first trained on
 */
record RopeFactors(double factor, double low, double high, int originalLength) {

    /** Name of the tensor. */
    static final String TENSOR = "rope_freqs.weight";

    private static final double TOLERANCE = 1e-4;
    private static final int LONGEST = 1 << 20;

    /** What the keys of a folder say; empty where they do not speak of this kind of scaling. */
    static Optional<RopeFactors> of(ModelFile file) throws ModelFormatException {
        ModelKeys keys = new ModelKeys(file);
        if (!keys.text("rope.scaling.type").orElse("none").equals("llama3")) {
            return Optional.empty();
        }
        return Optional.of(new RopeFactors(keys.positiveNumber("rope.scaling.factor"),
                keys.positiveNumber("rope.scaling.low_freq_factor"), keys.positiveNumber("rope.scaling.high_freq_factor"),
                keys.positive("rope.scaling.original_context_length")));
    }

    /**
     * The four numbers that give these divisors. Published models have 1 and 4 for the middle two and a power of two for the
     * length, so those are tried; a table that none of them gives is nobody's.
     */
    static Optional<RopeFactors> fitting(float[] divisors, double base) {
        double factor = 1;
        for (float divisor : divisors) {
            factor = Math.max(factor, divisor);
        }
        // The stretched end of the table holds the factor itself, a round number but for its rounding to float32.
        double round = Math.rint(factor * 1024) / 1024;
        for (int length = 64; length <= LONGEST; length *= 2) {
            RopeFactors candidate = new RopeFactors(round, 1, 4, length);
            if (candidate.matches(divisors, base)) {
                return Optional.of(candidate);
            }
        }
        return Optional.empty();
    }

    private boolean matches(float[] divisors, double base) {
        float[] own = divisors(base, divisors.length);
        for (int i = 0; i < own.length; i++) {
            if (!(Math.abs(own[i] - divisors[i]) <= TOLERANCE * own[i])) {
                return false;
            }
        }
        return true;
    }

    /** Divisors of each pair's frequency. */
    float[] divisors(double base, int pairs) {
        float[] divisors = new float[pairs];
        for (int i = 0; i < pairs; i++) {
            double turns = originalLength * StrictMath.pow(base, -(double) i / pairs) / (2 * Math.PI);
            double keep = Math.clamp((turns - low) / (high - low), 0, 1);
            divisors[i] = (float) (1 / ((1 - keep) / factor + keep));
        }
        return divisors;
    }
}
