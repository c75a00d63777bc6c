package org.alcove.worker;

import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.alcove.api.worker.SamplingDefaults;
import org.alcove.configuration.GivenValues;
import org.alcove.weights.ModelFile;
import org.alcove.weights.SamplingKey;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How tokens are chosen where a request does not say it: as the configuration has it, or as the model's file recommends it. */
final class RecommendedSampling {

    private static final Logger LOG = LoggerFactory.getLogger(RecommendedSampling.class);

    private RecommendedSampling() {
    }

    /**
     * What is configured; -1 stands for nothing.
     *
     * @throws IllegalArgumentException if a value is out of its range
     */
    static SamplingDefaults of(GivenValues values) {
        int topK = values.integer("sampling_top_k", -1, Integer.MAX_VALUE);
        return (topK < 0 ? SamplingDefaults.NONE : one(SamplingKey.TOP_K, topK))
                .orElse(given(values, "sampling_temperature", SamplingKey.TEMPERATURE))
                .orElse(given(values, "sampling_top_p", SamplingKey.TOP_P))
                .orElse(given(values, "sampling_min_p", SamplingKey.MIN_P))
                .orElse(given(values, "sampling_repetition_penalty", SamplingKey.REPETITION_PENALTY));
    }

    private static SamplingDefaults given(GivenValues values, String name, SamplingKey key) {
        double value = values.fraction(name);
        try {
            return value == -1 ? SamplingDefaults.NONE : one(key, value);
        } catch (IllegalArgumentException e) {
            throw values.refusal(name, e.getMessage() + ", or -1 for what the model recommends");
        }
    }

    /** What the file recommends. A value that makes no sense is left out, and said in the log: the model serves without it. */
    static SamplingDefaults of(ModelFile file) {
        SamplingDefaults found = SamplingDefaults.NONE;
        for (SamplingKey key : SamplingKey.values()) {
            OptionalDouble value = file.number(key.key());
            if (value.isPresent()) {
                try {
                    found = found.orElse(one(key, value.getAsDouble()));
                } catch (IllegalArgumentException e) {
                    LOG.warn("Model {} recommends what cannot be: {} (key {}); its recommendation is left out", file.name(),
                            e.getMessage(), key.key());
                }
            }
        }
        return found;
    }

    private static SamplingDefaults one(SamplingKey key, double value) {
        OptionalDouble number = OptionalDouble.of(shortest(value));
        OptionalDouble no = OptionalDouble.empty();
        return switch (key) {
            case TEMPERATURE -> new SamplingDefaults(number, OptionalInt.empty(), no, no, no);
            // -1 is a way to say all tokens, as 0 is.
            case TOP_K -> new SamplingDefaults(no, OptionalInt.of((int) Math.max(0, value)), no, no, no);
            case TOP_P -> new SamplingDefaults(no, OptionalInt.empty(), number, no, no);
            case MIN_P -> new SamplingDefaults(no, OptionalInt.empty(), no, number, no);
            case REPETITION_PENALTY -> new SamplingDefaults(no, OptionalInt.empty(), no, no, number);
        };
    }

    /** A float32 as people wrote it: 0.6, not 0.6000000238418579. */
    private static double shortest(double value) {
        return (float) value == value ? Double.parseDouble(Float.toString((float) value)) : value;
    }
}
