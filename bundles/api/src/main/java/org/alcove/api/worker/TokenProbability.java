package org.alcove.api.worker;

import java.util.List;

/**
 * A token and how likely the model found it.
 *
 * @param id the token
 * @param bytes the bytes it stands for; a token may be a part of a character
 * @param logprob natural logarithm of its probability before temperature and the rest of the sampling chain; NaN where unknown
 * @param top the likeliest tokens at its position, likeliest first, where asked for; their {@code top} is empty
 */
public record TokenProbability(int id, byte[] bytes, float logprob, List<TokenProbability> top) {
}
