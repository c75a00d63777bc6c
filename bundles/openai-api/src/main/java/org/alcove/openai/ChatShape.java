package org.alcove.openai;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import org.alcove.api.worker.TokenProbability;

/** Choices of {@code chat.completion}. */
record ChatShape() implements AnswerShape {

    @Override
    public String idPrefix() {
        return "chatcmpl-";
    }

    @Override
    public String object() {
        return "chat.completion";
    }

    @Override
    public String chunkObject() {
        return "chat.completion.chunk";
    }

    @Override
    public Optional<ObjectNode> opening(ChoiceText choice) {
        ObjectNode node = index(choice);
        node.putObject("delta").put("role", "assistant").put("content", "");
        return Optional.of(node.putNull("logprobs").putNull("finish_reason"));
    }

    @Override
    public ObjectNode delta(ChoiceText choice, String text, List<TokenProbability> tokens) {
        ObjectNode node = index(choice);
        node.putObject("delta").put("content", text);
        return logprobs(node, choice, tokens).putNull("finish_reason");
    }

    @Override
    public ObjectNode ending(ChoiceText choice) {
        ObjectNode node = index(choice);
        node.putObject("delta");
        return node.putNull("logprobs").put("finish_reason", AnswerShape.finish(choice));
    }

    @Override
    public ObjectNode whole(ChoiceText choice) {
        ObjectNode node = index(choice);
        node.putObject("message").put("role", "assistant").put("content", choice.text.toString()).putNull("refusal");
        return logprobs(node, choice, choice.tokens).put("finish_reason", AnswerShape.finish(choice));
    }

    private static ObjectNode index(ChoiceText choice) {
        return JsonNodeFactory.instance.objectNode().put("index", choice.index);
    }

    private static ObjectNode logprobs(ObjectNode node, ChoiceText choice, List<TokenProbability> tokens) {
        return choice.probabilities ? node.set("logprobs", ChatLogprobs.of(tokens)) : node.putNull("logprobs");
    }
}
