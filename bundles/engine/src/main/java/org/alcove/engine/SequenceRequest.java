package org.alcove.engine;

import java.util.Set;
import org.alcove.api.worker.SamplingParameters;

/**
 * A sequence to be continued.
 *
 * @param tokens the prompt, followed by tokens already written elsewhere, where an answer is resumed
 * @param promptTokens how many of the tokens are the prompt; the first token to be written has position
 *        {@code tokens.length - promptTokens} in the answer
 * @param sampling how tokens are chosen; its seed is present
 * @param maxTokens most tokens of the answer, those already written included; at least 1, or 0 to read the prompt only
 * @param minTokens end ids are not chosen before the answer has that many tokens
 * @param endIds ids that end the answer; the end id is delivered, too
 * @param logprobs how many of the likeliest tokens to report with each token; -1 for no probabilities
 * @param promptLogprobs whether probabilities of the prompt's tokens are reported
 * @param priority higher first among the waiting
 * @param owner whose it is: sequences of one owner that begin alike share what the KV cache has of that; nothing tells whether
 *        others began so
 */
public record SequenceRequest(int[] tokens, int promptTokens, SamplingParameters sampling, int maxTokens, int minTokens,
        Set<Integer> endIds, int logprobs, boolean promptLogprobs, int priority, String owner) {

    public SequenceRequest {
        tokens = tokens.clone();
        endIds = Set.copyOf(endIds);
    }

    /** One that belongs to nobody in particular. */
    public SequenceRequest(int[] tokens, int promptTokens, SamplingParameters sampling, int maxTokens, int minTokens,
            Set<Integer> endIds, int logprobs, boolean promptLogprobs, int priority) {
        this(tokens, promptTokens, sampling, maxTokens, minTokens, endIds, logprobs, promptLogprobs, priority, "");
    }

    /** A prompt to be continued by some tokens, with nothing special. */
    public static SequenceRequest of(int[] prompt, SamplingParameters sampling, int maxTokens, Set<Integer> endIds) {
        return new SequenceRequest(prompt, prompt.length, sampling, maxTokens, 0, endIds, -1, false, 0);
    }
}
