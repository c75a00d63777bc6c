package org.alcove.api.worker;

/**
 * Something to be done by a model. A model that cannot do one of the kinds answers with
 * {@link Failure.Unsupported}.
 */
public sealed interface Request permits GenerateRequest, ScoreRequest, EmbedRequest, RerankRequest {

    /** Name of the model. */
    String model();

    /** Who asks, how urgently, and what belongs to the request whatever its kind. */
    RequestContext context();
}
