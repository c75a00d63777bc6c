package org.alcove.api.conversation;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A rendered conversation.
 *
 * @param pieces the prompt from its beginning to its end
 * @param stops strings that end the answer, beside the model's own end tokens; usually spellings of control tokens
 * @param stopIds token ids that end the answer, beside the model's own; for families whose files do not name them
 */
public record Prompt(List<PromptPiece> pieces, List<String> stops, Set<Integer> stopIds) {

    public Prompt {
        pieces = List.copyOf(pieces);
        stops = List.copyOf(stops);
        stopIds = Set.copyOf(stopIds);
    }

    /** A prompt that is text from one hand, as a completion request gives it. */
    public static Prompt text(PromptPiece piece) {
        return new Prompt(List.of(piece), List.of(), Set.of());
    }

    /** The whole prompt as one string, for people and tests. */
    public String text() {
        return pieces.stream().map(PromptPiece::text).collect(Collectors.joining());
    }
}
