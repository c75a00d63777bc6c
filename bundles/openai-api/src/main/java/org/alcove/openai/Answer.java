package org.alcove.openai;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.alcove.api.worker.GenerateRequest;
import org.alcove.api.worker.GenerationEvent;
import org.alcove.api.worker.TokenProbability;

/** The answer to one request as it grows: its choices, what it took, and the JSON of it, whole or in pieces. */
final class Answer {

    private final AnswerShape shape;
    private final Draft draft;
    private final List<GenerateRequest> requests;
    private final List<ChoiceText> choices = new ArrayList<>();
    private final String id;
    private final long created;
    private String fingerprint;
    private int promptTokens;
    private int cachedTokens;
    private int completionTokens;

    Answer(AnswerShape shape, Draft draft, List<GenerateRequest> requests, Exchange exchange) {
        this.shape = shape;
        this.draft = draft;
        this.requests = requests;
        this.id = shape.idPrefix() + exchange.context().id().replaceFirst("^req-", "");
        this.created = exchange.arrived().getEpochSecond();
        for (int i = 0; i < requests.size(); i++) {
            choices.add(new ChoiceText(i, draft.logprobs));
        }
    }

    /** Takes an event in; returns the choices' news for a stream, which may be none. */
    List<ObjectNode> take(int index, GenerationEvent event) {
        ChoiceText choice = choices.get(index);
        return switch (event) {
            case GenerationEvent.Started started -> started(choice, started);
            case GenerationEvent.PromptScored scored -> scored(choice, scored.tokens());
            case GenerationEvent.Delta delta -> delta(choice, delta);
            case GenerationEvent.Finished finished -> finished(choice, finished);
            case GenerationEvent.Failed failed -> throw draft.refused(index, failed.failure());
        };
    }

    private List<ObjectNode> started(ChoiceText choice, GenerationEvent.Started started) {
        if (choice.begun) {
            // Begun again elsewhere before anything was written: by other weights, which are to be named.
            fingerprint = started.fingerprint();
            return List.of();
        }
        choice.begun = true;
        fingerprint = fingerprint == null ? started.fingerprint() : fingerprint;
        if (draft.echo && !requests.get(choice.index).logprobs().prompt()) {
            choice.echo(requests.get(choice.index), List.of());
            return news(() -> shape.delta(choice, choice.echoed, List.of()));
        }
        return draft.stream ? shape.opening(choice).map(List::of).orElse(List.of()) : List.of();
    }

    private List<ObjectNode> scored(ChoiceText choice, List<TokenProbability> tokens) {
        choice.echo(requests.get(choice.index), tokens);
        keep(choice, tokens);
        return news(() -> shape.delta(choice, choice.echoed, tokens));
    }

    private List<ObjectNode> delta(ChoiceText choice, GenerationEvent.Delta delta) {
        if (delta.text().isEmpty() && (!draft.logprobs || delta.tokens().isEmpty())) {
            return List.of();
        }
        if (!draft.stream) {
            choice.text.append(delta.text());
        }
        keep(choice, delta.tokens());
        return news(() -> shape.delta(choice, delta.text(), delta.tokens()));
    }

    private List<ObjectNode> news(Supplier<ObjectNode> node) {
        return draft.stream ? List.of(node.get()) : List.of();
    }

    /** A stream has said it already. */
    private void keep(ChoiceText choice, List<TokenProbability> tokens) {
        if (draft.logprobs && !draft.stream) {
            choice.tokens.addAll(tokens);
        }
    }

    private List<ObjectNode> finished(ChoiceText choice, GenerationEvent.Finished finished) {
        choice.reason = finished.reason();
        // A prompt is counted once, however many choices were written for it.
        if (choice.index % draft.choices == 0) {
            promptTokens += finished.usage().promptTokens();
            cachedTokens += finished.usage().cachedTokens();
        }
        completionTokens += finished.usage().completionTokens();
        return news(() -> shape.ending(choice));
    }

    /** A piece of the stream with one choice's news. */
    ObjectNode chunk(ObjectNode news) {
        ObjectNode chunk = head(shape.chunkObject());
        chunk.putArray("choices").add(news);
        return draft.includeUsage() ? chunk.putNull("usage") : chunk;
    }

    /** The last piece of the stream, where usage was asked for. */
    ObjectNode usageChunk() {
        ObjectNode chunk = head(shape.chunkObject());
        chunk.putArray("choices");
        return chunk.set("usage", usage());
    }

    /** The whole answer. */
    ObjectNode whole() {
        ObjectNode answer = head(shape.object());
        ArrayNode list = answer.putArray("choices");
        choices.forEach(choice -> list.add(shape.whole(choice)));
        return answer.set("usage", usage());
    }

    private ObjectNode head(String object) {
        return JsonNodeFactory.instance.objectNode().put("id", id).put("object", object).put("created", created)
                .put("model", draft.model).put("system_fingerprint", fingerprint);
    }

    private ObjectNode usage() {
        ObjectNode usage = JsonNodeFactory.instance.objectNode().put("prompt_tokens", promptTokens)
                .put("completion_tokens", completionTokens).put("total_tokens", promptTokens + completionTokens);
        usage.putObject("prompt_tokens_details").put("cached_tokens", cachedTokens).put("audio_tokens", 0);
        usage.putObject("completion_tokens_details").put("reasoning_tokens", 0).put("audio_tokens", 0)
                .put("accepted_prediction_tokens", 0).put("rejected_prediction_tokens", 0);
        return usage;
    }
}
