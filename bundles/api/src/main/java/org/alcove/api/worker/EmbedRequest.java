package org.alcove.api.worker;

import java.util.List;

/**
 * Turn texts into vectors.
 *
 * @param model name of the model
 * @param context what belongs to every request
 * @param texts the texts
 */
public record EmbedRequest(String model, RequestContext context, List<String> texts) implements Request {
}
