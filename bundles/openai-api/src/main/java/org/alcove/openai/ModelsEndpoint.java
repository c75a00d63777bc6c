package org.alcove.openai;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import org.alcove.api.control.Controller;
import org.alcove.api.worker.Failure;
import org.alcove.api.worker.ModelCard;
import org.alcove.api.worker.SamplingDefaults;
import org.alcove.api.worker.SamplingParameters;

/** {@code GET /v1/models} and {@code GET /v1/models/{id}}. */
final class ModelsEndpoint implements Endpoint {

    private final Controller controller;

    ModelsEndpoint(Controller controller) {
        this.controller = controller;
    }

    @Override
    public String methods() {
        return "GET, HEAD";
    }

    @Override
    public void serve(Exchange exchange, String id) throws IOException {
        if (!id.isEmpty()) {
            exchange.pass().requireModel(id);
        }
        List<ModelCard> cards = controller.models().stream().filter(card -> exchange.pass().allowsModel(card.name())).toList();
        if (id.isEmpty()) {
            ObjectNode list = JsonNodeFactory.instance.objectNode().put("object", "list");
            ArrayNode data = list.putArray("data");
            cards.forEach(card -> data.add(model(card)));
            exchange.answer(200, list);
            return;
        }
        ModelCard card = cards.stream().filter(it -> it.name().equals(id)).findFirst()
                .orElseThrow(() -> new ApiException(ApiError.of(new Failure.UnknownModel(id, "the model \""
                        + Value.shortened(id) + "\" is not served here; GET /v1/models lists those that are"))));
        exchange.answer(200, model(card));
    }

    private static ObjectNode model(ModelCard card) {
        ObjectNode json = JsonNodeFactory.instance.objectNode().put("id", card.name()).put("object", "model")
                .put("created", card.loaded().getEpochSecond()).put("owned_by", "alcove")
                .put("max_model_len", card.contextTokens());
        addSampling(json.putObject("default_sampling"), card.sampling());
        return json;
    }

    /** What a request has where it says nothing: all of it, so that nobody needs to know the protocol's own. */
    private static void addSampling(ObjectNode json, SamplingDefaults sampling) {
        SamplingParameters plain = SamplingParameters.PLAIN;
        json.put("temperature", sampling.temperature().orElse(plain.temperature()))
                .put("top_p", sampling.topP().orElse(plain.topP())).put("top_k", sampling.topK().orElse(plain.topK()))
                .put("min_p", sampling.minP().orElse(plain.minP()))
                .put("repetition_penalty", sampling.repetitionPenalty().orElse(plain.repetitionPenalty()));
    }
}
