package org.alcove.engine;

import java.time.Duration;

/**
 * How an engine runs.
 *
 * @param contextTokens most tokens of a sequence; 0 for the model's own length
 * @param kvTokens tokens the KV cache has room for, all sequences together; 0 for {@code contextTokens} times a small number
 *        that fits the memory
 * @param threads threads that compute; 0 for one per physical core of a memory node
 * @param maxSequences most sequences computed in one step; more wait
 * @param stepMillis a step is made about that long, by measured time, so that running answers do not stall behind long prompts;
 *        longer as long as there are none
 * @param maxTokensPerSecond an engine that is quicker pauses between steps, so that the machine has time for others; prompt
 *        tokens count; 0 for no limit
 * @param readTimeout a sequence whose reader takes nothing for that long is cancelled
 * @param swapGrace how long sequences wait for a kernel that went away before they fail
 * @param kvType how the KV cache keeps keys and values
 * @param prefixCache whether what the KV cache holds of ended sequences serves those that begin alike
 */
public record EngineSettings(int contextTokens, int kvTokens, int threads, int maxSequences, int stepMillis,
        int maxTokensPerSecond, Duration readTimeout, Duration swapGrace, KvType kvType, boolean prefixCache) {

    /** Sensible settings for a model of any size. */
    public static final EngineSettings DEFAULT =
            new EngineSettings(0, 0, 0, 64, 250, 0, Duration.ofSeconds(60), Duration.ofSeconds(30));

    /** With keys and values rounded to binary16, and with beginnings shared, which is what is usual. */
    public EngineSettings(int contextTokens, int kvTokens, int threads, int maxSequences, int stepMillis,
            int maxTokensPerSecond, Duration readTimeout, Duration swapGrace) {
        this(contextTokens, kvTokens, threads, maxSequences, stepMillis, maxTokensPerSecond, readTimeout, swapGrace,
                KvType.F16, true);
    }

    /** The same with another number of threads. */
    public EngineSettings withThreads(int count) {
        return new EngineSettings(contextTokens, kvTokens, count, maxSequences, stepMillis, maxTokensPerSecond, readTimeout,
                swapGrace, kvType, prefixCache);
    }

    /** The same with another size of the KV cache. */
    public EngineSettings withKvTokens(int tokens) {
        return new EngineSettings(contextTokens, tokens, threads, maxSequences, stepMillis, maxTokensPerSecond, readTimeout,
                swapGrace, kvType, prefixCache);
    }

    /** The same with another limit of tokens a second. */
    public EngineSettings withMaxTokensPerSecond(int tokens) {
        return new EngineSettings(contextTokens, kvTokens, threads, maxSequences, stepMillis, tokens, readTimeout, swapGrace,
                kvType, prefixCache);
    }

    /** The same with keys and values kept in another way. */
    public EngineSettings withKvType(KvType type) {
        return new EngineSettings(contextTokens, kvTokens, threads, maxSequences, stepMillis, maxTokensPerSecond, readTimeout,
                swapGrace, type, prefixCache);
    }

    /** The same, with or without what ended sequences left in the KV cache. */
    public EngineSettings withPrefixCache(boolean used) {
        return new EngineSettings(contextTokens, kvTokens, threads, maxSequences, stepMillis, maxTokensPerSecond, readTimeout,
                swapGrace, kvType, used);
    }
}
