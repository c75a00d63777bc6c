package org.alcove.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.alcove.api.control.Controller;
import org.alcove.api.control.Dispatch;
import org.alcove.api.worker.ModelCard;
import org.alcove.api.worker.WorkerStatus;

/** What the controller knows, as JSON. */
final class AdminJson {

    /** Workers of this process have ids that begin so; those elsewhere have addresses. */
    static final String LOCAL = "local-";

    private final Controller controller;
    private final KernelTable kernels;
    private final InstantSource clock;

    AdminJson(Controller controller, KernelTable kernels, InstantSource clock) {
        this.controller = controller;
        this.kernels = kernels;
        this.clock = clock;
    }

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    /** The policy and the last choices, newest first. */
    ObjectNode dispatches() {
        ObjectNode json = object().put("policy", controller.policy());
        ArrayNode list = json.putArray("dispatches");
        for (Dispatch dispatch : controller.dispatches()) {
            ObjectNode node = list.addObject().put("request", dispatch.request()).put("model", dispatch.model())
                    .put("when", dispatch.when().toString()).put("policy", dispatch.policy()).put("chosen", dispatch.chosen())
                    .put("reason", dispatch.reason());
            ArrayNode candidates = node.putArray("candidates");
            dispatch.candidates().forEach(candidate -> candidates.add(figures(candidate)));
        }
        return json;
    }

    /** All workers. */
    ObjectNode workers() {
        ObjectNode json = object();
        ArrayNode list = json.putArray("workers");
        Map<String, ModelCard> cards = controller.cards();
        controller.workers().forEach(worker -> list.add(worker(worker, Optional.ofNullable(cards.get(worker.id())))));
        return json;
    }

    /** One of them; empty where it has gone. */
    Optional<ObjectNode> worker(String id) {
        return controller.workers().stream().filter(worker -> worker.id().equals(id)).findFirst()
                .map(worker -> worker(worker, Optional.ofNullable(controller.cards().get(id))));
    }

    private ObjectNode worker(WorkerStatus worker, Optional<ModelCard> card) {
        ObjectNode json = figures(worker);
        json.set("model", card.<JsonNode>map(AdminJson::card)
                .orElse(JsonNodeFactory.instance.nullNode()));
        WorkerStatus.Computing how = worker.computing();
        json.putObject("computing").put("placement", how.placement()).put("kernels", how.kernels())
                .put("weight_bytes", how.weightBytes()).put("kv_bytes", how.kvBytes());
        boolean local = worker.id().startsWith(LOCAL);
        json.put("local", local);
        ArrayNode computing = json.putArray("kernels");
        if (local && card.isPresent()) {
            Map<String, List<KernelTable.Served>> table = kernels.byFormat();
            formats(card.get()).filter(table::containsKey).map(format -> table.get(format).getFirst()).forEach(kernel -> computing
                    .addObject().put("format", kernel.format()).put("tier", kernel.tier()).put("plugin", kernel.plugin()));
        }
        return json;
    }

    /** Formats of a model's matrices. */
    static Stream<String> formats(ModelCard card) {
        return Arrays.stream(card.formats().split(",")).map(String::strip).filter(format -> !format.isEmpty());
    }

    private ObjectNode figures(WorkerStatus worker) {
        ObjectNode json = object().put("id", worker.id());
        ArrayNode models = json.putArray("models");
        worker.models().forEach(models::add);
        json.put("state", worker.state().name().toLowerCase(Locale.ROOT)).put("reason", worker.reason())
                .put("tokens_per_second", worker.speed()).put("queue_length", worker.queueLength())
                .put("heartbeat", worker.heartbeat()).put("last_beat", worker.lastBeat().toString())
                .put("beat_age_ms", Math.max(0, Duration.between(worker.lastBeat(), clock.instant()).toMillis()));
        WorkerStatus.Load load = worker.load();
        json.putObject("load").put("running", load.running()).put("waiting", load.waiting()).put("kv_blocks", load.kvBlocks())
                .put("kv_blocks_used", load.kvBlocksUsed()).put("prompt_tokens", load.promptTokens())
                .put("answer_tokens", load.answerTokens()).put("preemptions", load.preemptions());
        return json;
    }

    static ObjectNode card(ModelCard card) {
        return object().put("name", card.name()).put("architecture", card.architecture())
                .put("context_tokens", card.contextTokens()).put("vocabulary", card.vocabulary()).put("formats", card.formats())
                .put("template", card.template()).put("fingerprint", card.fingerprint()).put("loaded", card.loaded().toString());
    }

    /** A refusal. */
    static ObjectNode error(String code, String message) {
        ObjectNode json = object();
        json.putObject("error").put("code", code).put("message", message);
        return json;
    }
}
