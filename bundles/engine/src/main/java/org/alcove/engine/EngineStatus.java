package org.alcove.engine;

/**
 * An engine at one moment.
 *
 * @param running sequences in the KV cache
 * @param waiting sequences queued or preempted
 * @param kvBlocks blocks of the KV cache
 * @param kvBlocksUsed of these, in use
 * @param tokensPerSecond prompt and answer tokens per second, smoothed; 0 before the first measurement
 * @param promptTokens tokens of prompts computed since it was opened; those not that were found in the KV cache, those again
 *        that were computed again
 * @param answerTokens tokens chosen since it was opened
 * @param preemptions how often a sequence lost its blocks to another
 * @param lastStepNanos {@link System#nanoTime()} when the duty cycle last came round, an idle or a pausing one included;
 *        tells a hang
 * @param missing name of the format no kernel serves at present, or empty
 */
public record EngineStatus(int running, int waiting, int kvBlocks, int kvBlocksUsed, double tokensPerSecond, long promptTokens,
        long answerTokens, long preemptions, long lastStepNanos, String missing) {
}
