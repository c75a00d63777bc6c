package org.alcove.api.worker;

import java.util.Map;
import java.util.OptionalLong;

/**
 * How the next token is chosen. The chain is: logit bias, penalties, temperature, top-k, top-p, min-p, draw.
 * Randomness is a function of seed and position alone.
 *
 * @param temperature divides the logits; 0 takes the likeliest token
 * @param topK keeps the k likeliest tokens; 0 keeps all
 * @param topP keeps the smallest set of likeliest tokens whose probabilities reach p; 1 keeps all
 * @param minP keeps tokens with at least this fraction of the likeliest token's probability; 0 keeps all
 * @param repetitionPenalty divides positive and multiplies negative logits of tokens of prompt and answer; 1 is off
 * @param presencePenalty is subtracted once from the logit of every token of the answer; 0 is off
 * @param frequencyPenalty is subtracted for each time a token stands in the answer; 0 is off
 * @param logitBias is added to the logits of these token ids
 * @param seed of the randomness; where absent the worker chooses one at admission and reports it
 */
public record SamplingParameters(float temperature, int topK, float topP, float minP, float repetitionPenalty,
        float presencePenalty, float frequencyPenalty, Map<Integer, Float> logitBias, OptionalLong seed) {

    /** The likeliest token, always. */
    public static final SamplingParameters GREEDY =
            new SamplingParameters(0, 0, 1, 0, 1, 0, 0, Map.of(), OptionalLong.empty());

    /** Temperature 1 and nothing else: the model's own distribution. */
    public static final SamplingParameters PLAIN =
            new SamplingParameters(1, 0, 1, 0, 1, 0, 0, Map.of(), OptionalLong.empty());

    public SamplingParameters {
        logitBias = Map.copyOf(logitBias);
    }

    /** The same with another temperature. */
    public SamplingParameters withTemperature(float value) {
        return new SamplingParameters(value, topK, topP, minP, repetitionPenalty, presencePenalty, frequencyPenalty,
                logitBias, seed);
    }

    /** The same with a seed. */
    public SamplingParameters withSeed(long value) {
        return new SamplingParameters(temperature, topK, topP, minP, repetitionPenalty, presencePenalty, frequencyPenalty,
                logitBias, OptionalLong.of(value));
    }
}
