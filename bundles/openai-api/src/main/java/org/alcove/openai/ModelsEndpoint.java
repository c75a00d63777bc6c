package org.alcove.openai;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.alcove.api.control.Controller;
import org.alcove.api.control.Models;
import org.alcove.api.worker.Failure;
import org.alcove.api.worker.ModelCard;
import org.alcove.api.worker.SamplingDefaults;
import org.alcove.api.worker.SamplingParameters;
import org.alcove.api.worker.WorkerStatus;

/** {@code GET /v1/models} and {@code GET /v1/models/{id}}. */
final class ModelsEndpoint implements Endpoint {

    private final Controller controller;
    private final LoadableModels loadable;

    ModelsEndpoint(Controller controller, LoadableModels loadable) {
        this.controller = controller;
        this.loadable = loadable;
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
        Map<String, ObjectNode> models = models(exchange.pass());
        if (id.isEmpty()) {
            ObjectNode list = JsonNodeFactory.instance.objectNode().put("object", "list");
            list.putArray("data").addAll(models.values());
            exchange.answer(200, list);
            return;
        }
        if (!models.containsKey(id)) {
            throw new ApiException(ApiError.of(new Failure.UnknownModel(id, "the model \"" + Value.shortened(id)
                    + "\" is not served here")));
        }
        exchange.answer(200, models.get(id));
    }

    /** Those that are served, then those of this process that a request would load, each by name. */
    private Map<String, ObjectNode> models(Pass pass) {
        Map<String, ObjectNode> models = new LinkedHashMap<>();
        List<Models.Model> unloaded = loadable.unloaded();
        controller.models().stream().filter(card -> pass.allowsModel(card.name())).filter(card -> served(card.name(), unloaded))
                .forEach(card -> models.put(card.name(), model(card)));
        unloaded.stream().filter(model -> pass.allowsModel(model.name()))
                .forEach(model -> models.putIfAbsent(model.name(), model(model)));
        return models;
    }

    private static ObjectNode model(Models.Model model) {
        ObjectNode json = JsonNodeFactory.instance.objectNode().put("id", model.name()).put("object", "model").put("created", 0)
                .put("owned_by", "alcove").put("state", model.state().name().toLowerCase(Locale.ROOT));
        model.sampling().ifPresent(sampling -> addSampling(json.putObject("default_sampling"), sampling));
        return json;
    }

    /** A model that was unloaded a moment ago may still be listed, though no worker is ready for it. */
    private boolean served(String name, List<Models.Model> unloaded) {
        return unloaded.stream().noneMatch(model -> model.name().equals(name)) || controller.workers().stream()
                .anyMatch(worker -> worker.state() == WorkerStatus.State.READY && worker.models().contains(name));
    }

    private static ObjectNode model(ModelCard card) {
        ObjectNode json = JsonNodeFactory.instance.objectNode().put("id", card.name()).put("object", "model")
                .put("created", card.loaded().getEpochSecond()).put("owned_by", "alcove")
                .put("state", "ready").put("max_model_len", card.contextTokens());
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
