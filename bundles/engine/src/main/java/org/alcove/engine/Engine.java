package org.alcove.engine;

import org.osgi.annotation.versioning.ProviderType;

/**
 * Computes the sequences of one model. Every result is a function of the weights, the request and the seed alone: whatever else
 * is computed beside it, and on however many threads, the bits are the same ({@code docs/numerics.md}). Thread-safe.
 */
@ProviderType
public interface Engine extends AutoCloseable {

    /** Most tokens of prompt and answer together. */
    int contextTokens();

    /** Number of token ids. */
    int vocabulary();

    /** Weights, formats, type of the KV cache and version of the numerics. */
    String fingerprint();

    /** Kernels in use, for people. */
    String kernels();

    /** Its threads, and the processors and memory node they are bound to, for people. */
    default String placement() {
        return "";
    }

    /** Bytes of the mapped weights. */
    default long weightBytes() {
        return 0;
    }

    /** Bytes of the KV cache once all its blocks are in use. */
    default long cacheBytes() {
        return 0;
    }

    /**
     * Queues a sequence.
     *
     * @throws IllegalArgumentException if it cannot be computed: no tokens, an id out of range, longer than the context or the
     *         KV cache
     */
    TokenStream submit(SequenceRequest request);

    /**
     * Queues a sequence whose prompt is to be scored, and has somebody look at the logits themselves.
     *
     * @param observer sees the logits after every token of the prompt but the last
     * @throws IllegalArgumentException as {@link #submit(SequenceRequest)}, or if the request does not ask for the prompt's
     *         probabilities
     */
    TokenStream submit(SequenceRequest request, LogitsObserver observer);

    /**
     * Asks for a moment of computing that nobody sees, while there are no sequences, so that the first one finds code that has
     * run often. Returns at once.
     */
    default void rehearse() {
    }

    /** How it stands. */
    EngineStatus status();

    /** Ends every sequence with a failure, frees the memory, stops the threads and closes the weights. */
    @Override
    void close();
}
