package org.alcove.api.worker;

import java.util.List;

/**
 * Report how likely a model finds continuations of a text.
 *
 * @param model name of the model
 * @param context what belongs to every request
 * @param prefix the text before
 * @param continuations texts to score, each after the prefix
 */
public record ScoreRequest(String model, RequestContext context, String prefix, List<String> continuations) implements Request {
}
