package org.alcove.api.worker;

import java.util.List;

/**
 * Order documents by how well they answer a query.
 *
 * @param model name of the model
 * @param context what belongs to every request
 * @param query the query
 * @param documents the documents
 */
public record RerankRequest(String model, RequestContext context, String query, List<String> documents) implements Request {
}
