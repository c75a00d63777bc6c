package org.alcove.api.worker;

import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * How the tokens of a model are chosen where a request does not say it: what its authors or its operator recommend. What is
 * absent here is the protocol's default. The meaning of each is that of {@link SamplingParameters}.
 *
 * @param temperature 0 or more
 * @param topK 0 or more
 * @param topP from 0 to 1
 * @param minP from 0 to 1
 * @param repetitionPenalty above 0
 */
public record SamplingDefaults(OptionalDouble temperature, OptionalInt topK, OptionalDouble topP, OptionalDouble minP,
        OptionalDouble repetitionPenalty) {

    /** Nothing is recommended. */
    public static final SamplingDefaults NONE = new SamplingDefaults(OptionalDouble.empty(), OptionalInt.empty(),
            OptionalDouble.empty(), OptionalDouble.empty(), OptionalDouble.empty());

    /**
     * @throws IllegalArgumentException if a value is out of its range
     */
    public SamplingDefaults {
        check("temperature", temperature, 0, Float.MAX_VALUE);
        check("top_k", topK.isPresent() ? OptionalDouble.of(topK.getAsInt()) : OptionalDouble.empty(), 0, Integer.MAX_VALUE);
        check("top_p", topP, 0, 1);
        check("min_p", minP, 0, 1);
        check("repetition_penalty", repetitionPenalty, Float.MIN_NORMAL, Float.MAX_VALUE);
    }

    private static void check(String what, OptionalDouble value, double min, double max) {
        if (value.isPresent() && !(value.getAsDouble() >= min && value.getAsDouble() <= max)) {
            throw new IllegalArgumentException(what + " is " + value.getAsDouble() + " and must be from " + min + " to " + max);
        }
    }

    /** The same, with what is absent here taken from there. */
    public SamplingDefaults orElse(SamplingDefaults other) {
        return new SamplingDefaults(temperature.isPresent() ? temperature : other.temperature,
                topK.isPresent() ? topK : other.topK, topP.isPresent() ? topP : other.topP,
                minP.isPresent() ? minP : other.minP,
                repetitionPenalty.isPresent() ? repetitionPenalty : other.repetitionPenalty);
    }
}
