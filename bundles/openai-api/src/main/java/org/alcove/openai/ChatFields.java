package org.alcove.openai;

import static org.alcove.openai.Rule.noEffect;
import static org.alcove.openai.Rule.refused;
import static org.alcove.openai.Rule.refusedUnless;
import static org.alcove.openai.Rule.works;

import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import org.alcove.api.worker.GenerateRequest;

/** The fields of {@code POST /v1/chat/completions}. */
final class ChatFields {

    private static final int MAX_TOP_LOGPROBS = 20;
    private static final int MAX_IDENTIFIER = 64;
    private static final int MAX_METADATA = 16;
    private static final int MAX_METADATA_VALUE = 512;
    private static final int MAX_ARGUMENTS = 64;
    private static final Set<String> EFFORTS = Set.of("none", "minimal", "low", "medium", "high", "xhigh", "max");
    /** Arguments of a template that the server gives itself. */
    private static final Set<String> OWN_ARGUMENTS =
            Set.of("messages", "tools", "documents", "add_generation_prompt", "bos_token", "eos_token");
    private static final String ONLY_TEXT = "only {\"type\": \"text\"} is served; ask for JSON in a message";
    private static final String NO_TOOLS = "this server does not call tools; leave it out";

    private ChatFields() {
    }

    static FieldTable<Draft> table() {
        return new FieldTable<>(CommonFields.answer(), CommonFields.sampling(), CommonFields.stopping(), chat(), without(),
                refusals());
    }

    /** Reads a whole request. */
    static Draft read(FieldTable<Draft> table, Value body) {
        Draft draft = new Draft();
        table.read(body, draft);
        if (draft.topLogprobs.isPresent() && !draft.logprobs) {
            throw ApiException.invalid("top_logprobs", "top_logprobs is only allowed where logprobs is true");
        }
        if (draft.model != null && body.at("messages").isNull()) {
            throw ApiException.missing("messages");
        }
        draft.check();
        draft.inputs.add(new GenerateRequest.Chat(Messages.read(body.at("messages")), draft.templateArguments));
        return draft;
    }

    private static List<Rule<Draft>> chat() {
        return List.of(
                // Read last, by itself, so that a wrong parameter is told before a long conversation is gone through.
                works("messages", (draft, value) -> { }),
                works("max_completion_tokens", (draft, value) -> draft.maxTokens = value.integer(1, Integer.MAX_VALUE)),
                works("max_tokens", ChatFields::maxTokens),
                works("logprobs", (draft, value) -> draft.logprobs = value.bool()),
                works("top_logprobs",
                        (draft, value) -> draft.topLogprobs = OptionalInt.of(value.integer(0, MAX_TOP_LOGPROBS))),
                works("prompt_cache_key", (draft, value) -> draft.prefixHint = value.text(MAX_METADATA_VALUE)),
                works("reasoning_effort", (draft, value) -> draft.templateArguments.put(value.path(), oneOf(value, EFFORTS))),
                works("chat_template_kwargs", ChatFields::templateArguments));
    }

    private static List<Rule<Draft>> without() {
        return List.of(
                noEffect("safety_identifier", value -> value.text(MAX_IDENTIFIER)),
                noEffect("metadata", ChatFields::checkMetadata),
                noEffect("parallel_tool_calls", Value::bool),
                refusedUnless("store", value -> !value.bool(), "answers are not stored; leave it out or send false"),
                refusedUnless("service_tier", value -> Set.of("auto", "default").contains(value.text()),
                        "there is one tier; leave it out or send \"auto\""),
                refusedUnless("prompt_cache_retention", value -> Set.of("in_memory", "in-memory").contains(value.text()),
                        "prompts are cached in memory only; leave it out"),
                refusedUnless("verbosity", value -> oneOf(value, Set.of("low", "medium", "high")).equals("medium"),
                        "models here do not know it; say in a message how long the answer should be"),
                refusedUnless("modalities", value -> value.list(1, 2).stream().allMatch(it -> it.text().equals("text")),
                        "answers are text; send [\"text\"] or leave it out"),
                refusedUnless("response_format", ChatFields::isPlainText,
                        ONLY_TEXT),
                refusedUnless("tools", value -> value.list(0, Integer.MAX_VALUE).isEmpty(), NO_TOOLS),
                refusedUnless("tool_choice", value -> value.node().asText().equals("none"), NO_TOOLS),
                refusedUnless("functions", value -> value.list(0, Integer.MAX_VALUE).isEmpty(), NO_TOOLS),
                refusedUnless("function_call", value -> value.node().asText().equals("none"), NO_TOOLS));
    }

    private static List<Rule<Draft>> refusals() {
        return List.of(
                refused("audio", "answers are text; leave it out"),
                refused("prediction", "predicted outputs are not used; leave it out"),
                refused("web_search_options", "this server does not search the web; leave it out"),
                refused("moderation", "this server does not moderate; leave it out"),
                refused("prompt_cache_options", "the cache cannot be set per request; leave it out"),
                refused("enable_thinking", "send it inside chat_template_kwargs"),
                refused("repeat_penalty", "send repetition_penalty"),
                refused("suffix", "chat answers have none; leave it out"),
                refused("best_of", "this server does not choose among answers; leave it out"));
    }

    /** The newer name wins where both are there. */
    private static void maxTokens(Draft draft, Value value) {
        int tokens = value.integer(1, Integer.MAX_VALUE);
        if (draft.maxTokens == 0) {
            draft.maxTokens = tokens;
        }
    }

    /** The format that is served has no further fields. */
    private static boolean isPlainText(Value format) {
        boolean text = format.at("type").text().equals("text");
        if (text) {
            new FieldTable<Draft>(List.of(works("type", (draft, type) -> { }), refused("json_schema", ONLY_TEXT)))
                    .read(format, new Draft());
        }
        return text;
    }

    private static String oneOf(Value value, Set<String> words) {
        if (!words.contains(value.text())) {
            throw ApiException.invalid(value.path(), value.path() + " is \"" + Value.shortened(value.text())
                    + "\"; it must be one of " + String.join(", ", words.stream().sorted().toList()));
        }
        return value.text();
    }

    private static void checkMetadata(Value value) {
        value.fields(MAX_METADATA, MAX_IDENTIFIER).forEach(entry -> entry.getValue().text(MAX_METADATA_VALUE));
    }

    private static void templateArguments(Draft draft, Value value) {
        value.fields(MAX_ARGUMENTS, PlainJson.MAX_NAME).forEach(entry -> {
            if (OWN_ARGUMENTS.contains(entry.getKey())) {
                throw ApiException.invalid(entry.getValue().path(), entry.getValue().path()
                        + " is given by the server and cannot be replaced; leave it out");
            }
            if (!entry.getValue().isNull()) {
                draft.templateArguments.put(entry.getKey(), PlainJson.of(entry.getValue()));
            }
        });
    }
}
