package org.alcove.openai;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import org.alcove.api.worker.TokenProbability;

/** How the choices of one kind of answer look. */
sealed interface AnswerShape permits ChatShape, CompletionShape {

    /** What ids of answers begin with. */
    String idPrefix();

    /** The field {@code object} of a whole answer. */
    String object();

    /** The field {@code object} of a piece of a stream. */
    String chunkObject();

    /** What a stream says first of a choice, before any text. */
    Optional<ObjectNode> opening(ChoiceText choice);

    /** Some text, with its tokens. */
    ObjectNode delta(ChoiceText choice, String text, List<TokenProbability> tokens);

    /** The last that a stream says of a choice. */
    ObjectNode ending(ChoiceText choice);

    /** A whole choice. */
    ObjectNode whole(ChoiceText choice);

    /** The word for why a choice ended. */
    static String finish(ChoiceText choice) {
        return switch (choice.reason) {
            case STOP -> "stop";
            case LENGTH -> "length";
            case CONTENT_FILTER -> "content_filter";
        };
    }
}
