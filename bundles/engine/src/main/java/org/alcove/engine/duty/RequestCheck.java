package org.alcove.engine.duty;

import org.alcove.api.worker.SamplingParameters;
import org.alcove.engine.SequenceRequest;

/** Refuses requests that cannot be computed, so that nothing needs to be checked on the way. */
record RequestCheck(int contextTokens, int vocabulary) {

    void check(SequenceRequest request) {
        int[] tokens = request.tokens();
        require(tokens.length > 0, "a sequence needs at least one token");
        require(request.promptTokens() >= 1 && request.promptTokens() <= tokens.length, "the prompt has "
                + request.promptTokens() + " tokens, but 1 to " + tokens.length + " are given");
        int most = request.maxTokens() > 0 ? contextTokens - 1 : contextTokens;
        require(tokens.length <= most, tokens.length + " tokens are more than fit: prompt and answer may have " + contextTokens
                + " together; shorten the prompt");
        require(request.maxTokens() >= 0, "an answer of " + request.maxTokens() + " tokens is impossible");
        for (int id : tokens) {
            require(id >= 0 && id < vocabulary, "token " + id + " is not among the " + vocabulary + " of the model");
        }
        check(request.sampling());
    }

    private void check(SamplingParameters sampling) {
        requireRange("temperature", sampling.temperature(), 0, Float.MAX_VALUE);
        require(sampling.topK() >= 0, "top_k is " + sampling.topK() + ", less than 0");
        requireRange("top_p", sampling.topP(), 0, 1);
        requireRange("min_p", sampling.minP(), 0, 1);
        requireRange("repetition_penalty", sampling.repetitionPenalty(), Float.MIN_NORMAL, Float.MAX_VALUE);
        requireRange("presence_penalty", sampling.presencePenalty(), -Float.MAX_VALUE, Float.MAX_VALUE);
        requireRange("frequency_penalty", sampling.frequencyPenalty(), -Float.MAX_VALUE, Float.MAX_VALUE);
        sampling.logitBias().forEach((id, bias) -> {
            require(id >= 0 && id < vocabulary, "token " + id + " of logit_bias is not among the " + vocabulary
                    + " of the model");
            require(Float.isFinite(bias), "the logit_bias of token " + id + " is " + bias + ", not a finite number");
        });
        require(sampling.temperature() == 0 || sampling.seed().isPresent(), "sampling at a temperature above 0 needs a seed");
    }

    private static void requireRange(String name, float value, float least, float most) {
        require(value >= least && value <= most, name + " is " + value + ", but " + least + " to " + most + " is possible");
    }

    private static void require(boolean condition, String message) {
        if (!condition) {
            throw new IllegalArgumentException(message);
        }
    }
}
