package org.alcove.api.worker;

import java.util.List;

/**
 * A token and how likely the model found it.
 *
 * @param id the token
 * @param bytes the bytes it stands for; a token may be a part of a character. Of a control token its spelling
 * @param logprob natural logarithm of its probability before temperature and the rest of the sampling chain; NaN where unknown
 * @param top the likeliest tokens at its position, likeliest first, where asked for; their {@code top} is empty
 * @param control whether it is a control token, which adds nothing to a text
 */
public record TokenProbability(int id, byte[] bytes, float logprob, List<TokenProbability> top, boolean control) {

    /** One that adds its bytes to a text. */
    public TokenProbability(int id, byte[] bytes, float logprob, List<TokenProbability> top) {
        this(id, bytes, logprob, top, false);
    }
}
