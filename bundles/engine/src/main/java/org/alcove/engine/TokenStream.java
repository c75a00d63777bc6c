package org.alcove.engine;

import org.osgi.annotation.versioning.ProviderType;

/** The tokens of one sequence as they are computed. Bounded: a sequence whose stream is full is left out of steps. */
@ProviderType
public interface TokenStream extends AutoCloseable {

    /**
     * Waits for the next event. After {@link TokenEvent.Finished} or {@link TokenEvent.Failed} there is none and this returns
     * null.
     *
     * @throws InterruptedException if interrupted while waiting; the sequence goes on
     */
    TokenEvent next() throws InterruptedException;

    /** Tokens of the prompt that did not have to be computed, as the KV cache had them; 0 before the sequence is let in. */
    int cachedTokens();

    /** Cancels the sequence; its blocks return at the next step. Harmless when called twice or after the end. */
    @Override
    void close();
}
