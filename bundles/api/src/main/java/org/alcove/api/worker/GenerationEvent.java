package org.alcove.api.worker;

import java.util.List;
import java.util.Optional;

/** What happens while an answer is written. */
public sealed interface GenerationEvent {

    /**
     * The request was admitted and its prompt is about to be read.
     *
     * @param worker id of the worker
     * @param fingerprint what produces the answer: model hash and kernel formats
     * @param seed the seed in use
     * @param promptTokens tokens of the prompt
     */
    record Started(String worker, String fingerprint, long seed, int promptTokens) implements GenerationEvent {
    }

    /** Probabilities of the prompt's tokens, where asked for; comes once, before any text. The first token has none. */
    record PromptScored(List<TokenProbability> tokens) implements GenerationEvent {
    }

    /**
     * Some text. May be empty while bytes or a possible stop string are held back.
     *
     * @param text the text, whole characters
     * @param tokens tokens written since the last event, with probabilities where asked for
     * @param resume where another worker could go on after this event, where the worker can tell
     */
    record Delta(String text, List<TokenProbability> tokens, Optional<ResumeState> resume) implements GenerationEvent {
    }

    /** The answer is whole. */
    record Finished(Reason reason, Usage usage) implements GenerationEvent {
    }

    /** The answer ends here, unfinished. */
    record Failed(Failure failure) implements GenerationEvent {
    }

    /** Why an answer is whole. */
    enum Reason {
        /** The model ended it, or a stop string or id did. */
        STOP,
        /** It reached the most tokens asked for, or the end of the context. */
        LENGTH,
        /** A guard ended it; what was written before stands. */
        CONTENT_FILTER
    }

    /**
     * What an answer took.
     *
     * @param promptTokens tokens of the prompt
     * @param cachedTokens of these, how many were found in the KV cache
     * @param completionTokens tokens written, the end token included
     */
    record Usage(int promptTokens, int cachedTokens, int completionTokens) {
    }
}
