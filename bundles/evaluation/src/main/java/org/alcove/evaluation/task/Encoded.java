package org.alcove.evaluation.task;

import java.util.Arrays;
import java.util.List;
import org.alcove.api.conversation.PromptPiece;
import org.alcove.tokenizer.Tokenizer;

/**
 * The tokens of a context and its continuation.
 *
 * <p>Where the continuation begins: tokens are not cut at the seam of two texts, so the two are not encoded one by one. White
 * space at the end of the context is given to the continuation, because most vocabularies join a space to the word after it. Then
 * the whole is encoded, and the context alone; what both have in common at the beginning is the context, the rest is scored. This
 * is what lm-evaluation-harness does, save where a token spans the seam: the harness counts the context's tokens and may leave
 * such a token out, here it is scored.
 *
 * @param tokens at most as many as the model's context has
 * @param firstScored index of the first token that is scored, at least 1; all after it are
 * @param cut whether tokens at the beginning were left out because there were more
 */
record Encoded(int[] tokens, int firstScored, boolean cut) {

    /**
     * Encodes a continuation. Of too many tokens the first are left out, the begin token among them, as the harness does.
     *
     * @throws IllegalArgumentException if the continuation alone has no room
     */
    static Encoded of(Tokenizer tokenizer, Continuation continuation, int contextTokens) {
        int[] context = encode(tokenizer, continuation.context().stripTrailing());
        int[] whole = encode(tokenizer, continuation.context() + continuation.text());
        int differs = Arrays.mismatch(context, whole);
        // At least one token is scored, and never the first: nothing comes before it.
        int first = Math.max(1, Math.min(differs < 0 ? whole.length : differs, whole.length - 1));
        int left = Math.max(0, whole.length - contextTokens);
        if (whole.length < 2) {
            throw new IllegalArgumentException("context and answer are one token together, so nothing can be scored; write more");
        }
        if (first - left < 1) {
            throw new IllegalArgumentException((whole.length - first) + " tokens are to be scored, but the model's context of "
                    + contextTokens + " has room for " + (contextTokens - 1) + "; shorten the answer or use another model");
        }
        return new Encoded(Arrays.copyOfRange(whole, left, whole.length), first - left, left > 0);
    }

    private static int[] encode(Tokenizer tokenizer, String text) {
        return tokenizer.encode(List.of(PromptPiece.content(text)), true);
    }

    /** Whether this differs from another in its last token only, and only that is scored. */
    boolean differsAtItsEndOnly(Encoded other) {
        int last = tokens.length - 1;
        return firstScored == last && other.firstScored == last && other.tokens.length == tokens.length
                && Arrays.equals(tokens, 0, last, other.tokens, 0, last);
    }
}
