package org.alcove.openai;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import org.alcove.api.worker.TokenProbability;

/** Choices of {@code text_completion}. */
record CompletionShape() implements AnswerShape {

    @Override
    public String idPrefix() {
        return "cmpl-";
    }

    @Override
    public String object() {
        return "text_completion";
    }

    @Override
    public String chunkObject() {
        return "text_completion";
    }

    @Override
    public Optional<ObjectNode> opening(ChoiceText choice) {
        return Optional.empty();
    }

    @Override
    public ObjectNode delta(ChoiceText choice, String text, List<TokenProbability> tokens) {
        return choice(choice, text, tokens).putNull("finish_reason");
    }

    @Override
    public ObjectNode ending(ChoiceText choice) {
        ObjectNode node = JsonNodeFactory.instance.objectNode().put("text", "").put("index", choice.index);
        return node.putNull("logprobs").put("finish_reason", AnswerShape.finish(choice));
    }

    @Override
    public ObjectNode whole(ChoiceText choice) {
        return choice(choice, choice.text.toString(), choice.tokens).put("finish_reason", AnswerShape.finish(choice));
    }

    private static ObjectNode choice(ChoiceText choice, String text, List<TokenProbability> tokens) {
        ObjectNode node = JsonNodeFactory.instance.objectNode().put("text", text).put("index", choice.index);
        return choice.probabilities ? node.set("logprobs", CompletionLogprobs.of(tokens, choice.offsets))
                : node.putNull("logprobs");
    }
}
