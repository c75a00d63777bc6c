package org.alcove.openai;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.alcove.api.worker.TokenProbability;

/** Probabilities in the form of chat: {@code {"content": [{token, logprob, bytes, top_logprobs}], "refusal": null}}. */
final class ChatLogprobs {

    /** What the protocol writes for a token that is as good as impossible; JSON has no infinity. */
    private static final float IMPOSSIBLE = -9999;

    private ChatLogprobs() {
    }

    static ObjectNode of(List<TokenProbability> tokens) {
        ObjectNode logprobs = JsonNodeFactory.instance.objectNode();
        ArrayNode content = logprobs.putArray("content");
        for (TokenProbability token : tokens) {
            ArrayNode top = token(content.addObject(), token).putArray("top_logprobs");
            for (TokenProbability likely : token.top()) {
                token(top.addObject(), likely);
            }
        }
        logprobs.putNull("refusal");
        return logprobs;
    }

    private static ObjectNode token(ObjectNode node, TokenProbability token) {
        node.put("token", TokenText.of(token.bytes(), ""));
        node.put("logprob", Float.isFinite(token.logprob()) ? token.logprob() : IMPOSSIBLE);
        ArrayNode bytes = node.putArray("bytes");
        // What a control token is called is no part of the text.
        for (int i = 0; !token.control() && i < token.bytes().length; i++) {
            bytes.add(token.bytes()[i] & 0xFF);
        }
        return node;
    }
}
