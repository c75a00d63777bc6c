package org.alcove.cluster.wire;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/**
 * A chunk of FastChat's {@code /worker_generate_stream}.
 *
 * @param text the whole text so far, or that of the error
 * @param errorCode 0 where there is none
 * @param usage tokens so far, where told
 * @param finishReason {@code stop} or {@code length} in the last chunk
 */
public record FastChatChunk(String text, int errorCode, Optional<Usage> usage, Optional<String> finishReason) {

    /** Tokens of the prompt and of the answer. */
    public record Usage(int promptTokens, int completionTokens) {
    }

    /** A chunk that says what went wrong. */
    public static FastChatChunk error(int code, String message) {
        return new FastChatChunk(message, code, Optional.empty(), Optional.empty());
    }

    /** As a message holds it. */
    public ObjectNode json() {
        ObjectNode json = Json.object().put("text", text).put("error_code", errorCode);
        usage.ifPresent(used -> json.putObject("usage").put("prompt_tokens", used.promptTokens())
                .put("completion_tokens", used.completionTokens())
                .put("total_tokens", used.promptTokens() + used.completionTokens()));
        json.put("finish_reason", finishReason.orElse(null));
        return json;
    }

    /** Reads one. */
    public static FastChatChunk of(Fields fields) {
        return new FastChatChunk(fields.text("text"), fields.count("error_code"),
                fields.maybeObject("usage")
                        .map(used -> new Usage(used.count("prompt_tokens", 0), used.count("completion_tokens", 0))),
                fields.maybeText("finish_reason"));
    }
}
