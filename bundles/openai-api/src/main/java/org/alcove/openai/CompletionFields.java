package org.alcove.openai;

import static org.alcove.openai.Rule.refused;
import static org.alcove.openai.Rule.refusedUnless;
import static org.alcove.openai.Rule.works;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.alcove.api.worker.GenerateRequest.Input;
import org.alcove.api.worker.GenerateRequest.Limits;
import org.alcove.api.worker.GenerateRequest.Text;
import org.alcove.api.worker.GenerateRequest.Tokens;

/** The fields of {@code POST /v1/completions}. */
final class CompletionFields {

    private static final int DEFAULT_MAX_TOKENS = 16;
    private static final int MAX_LOGPROBS = 5;
    private static final int MAX_BEST_OF = 128;
    /** More than a context has. */
    private static final int MAX_PROMPT_TOKENS = 1 << 20;

    private CompletionFields() {
    }

    static FieldTable<Draft> table() {
        return new FieldTable<>(CommonFields.answer(), CommonFields.sampling(), CommonFields.stopping(), completion());
    }

    /** Reads a whole request. */
    static Draft read(FieldTable<Draft> table, Value body) {
        Draft draft = new Draft();
        draft.maxTokens = DEFAULT_MAX_TOKENS;
        table.read(body, draft);
        if (draft.model != null && draft.inputs.isEmpty()) {
            throw ApiException.missing("prompt");
        }
        draft.check();
        return draft;
    }

    private static List<Rule<Draft>> completion() {
        return List.of(
                works("prompt", (draft, value) -> draft.inputs.addAll(prompts(value))),
                works("max_tokens", CompletionFields::maxTokens),
                works("echo", (draft, value) -> draft.echo = value.bool()),
                works("logprobs", CompletionFields::logprobs),
                works("best_of", (draft, value) -> draft.bestOf = OptionalInt.of(value.integer(0, MAX_BEST_OF))),
                refusedUnless("suffix", value -> value.text().isEmpty(),
                        "models here do not fill in the middle; leave it out"),
                refused("messages", "send it to /v1/chat/completions, or send a prompt"),
                refused("max_completion_tokens", "completions spell it max_tokens"),
                refused("top_logprobs", "completions spell it logprobs, with a number"));
    }

    private static void maxTokens(Draft draft, Value value) {
        int wanted = value.integer(0, Integer.MAX_VALUE);
        draft.maxTokens = wanted == 0 ? Limits.NOTHING : wanted;
    }

    private static void logprobs(Draft draft, Value value) {
        draft.logprobs = true;
        draft.topLogprobs = OptionalInt.of(value.integer(0, MAX_LOGPROBS));
    }

    /** A string, a list of strings, a list of token ids, or a list of such lists; the last but one is one prompt. */
    private static List<Input> prompts(Value prompt) {
        if (prompt.node().isTextual()) {
            return List.of(new Text(prompt.text()));
        }
        if (!prompt.node().isArray()) {
            throw prompt.wrong("a string, a list of strings, a list of token ids or a list of such lists");
        }
        if (prompt.node().path(0).isNumber()) {
            return List.of(new Tokens(CommonFields.ids(prompt, 1, MAX_PROMPT_TOKENS)));
        }
        List<Value> elements = prompt.list(1, Draft.MAX_CHOICES);
        JsonNode first = elements.getFirst().node();
        List<Input> inputs = new ArrayList<>();
        for (Value element : elements) {
            if (element.node().getNodeType() != first.getNodeType()) {
                throw element.wrong(first.isTextual() ? "a string like the first prompt" : "a list like the first prompt");
            }
            inputs.add(element.node().isTextual() ? new Text(element.text())
                    : new Tokens(CommonFields.ids(element, 1, MAX_PROMPT_TOKENS)));
        }
        return inputs;
    }
}
