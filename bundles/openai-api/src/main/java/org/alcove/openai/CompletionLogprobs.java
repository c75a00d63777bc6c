package org.alcove.openai;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.alcove.api.worker.TokenProbability;

/**
 * Probabilities in the form of completions: four parallel lists. The first token of a prompt has no probability: its entries are
 * null. A map of likely tokens always holds the written token too, so that a reader can tell whether it was the likeliest.
 */
final class CompletionLogprobs {

    private static final String PARTIAL = "bytes:";

    private CompletionLogprobs() {
    }

    /** @param offsets where the tokens stand in the choice's text; they are taken along as they are written */
    static ObjectNode of(List<TokenProbability> tokens, TextOffsets offsets) {
        ObjectNode logprobs = JsonNodeFactory.instance.objectNode();
        ArrayNode texts = logprobs.putArray("tokens");
        ArrayNode chosen = logprobs.putArray("token_logprobs");
        ArrayNode top = logprobs.putArray("top_logprobs");
        ArrayNode places = logprobs.putArray("text_offset");
        for (TokenProbability token : tokens) {
            texts.add(TokenText.of(token.bytes(), PARTIAL));
            places.add(offsets.next(token));
            if (Float.isNaN(token.logprob())) {
                chosen.addNull();
                top.addNull();
            } else {
                put(chosen, token.logprob());
                likely(top.addObject(), token);
            }
        }
        return logprobs;
    }

    private static void likely(ObjectNode map, TokenProbability token) {
        for (TokenProbability likely : token.top()) {
            put(map, likely);
        }
        if (!map.has(TokenText.of(token.bytes(), PARTIAL))) {
            put(map, token);
        }
    }

    private static void put(ObjectNode map, TokenProbability token) {
        String text = TokenText.of(token.bytes(), PARTIAL);
        // Two ids may spell the same text; the likelier one stands first and is kept.
        if (map.has(text)) {
            return;
        }
        map.put(text, finite(token.logprob()));
    }

    private static void put(ArrayNode list, float logprob) {
        list.add(finite(logprob));
    }

    private static float finite(float logprob) {
        return Float.isFinite(logprob) ? logprob : -9999;
    }
}
