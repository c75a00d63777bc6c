package org.alcove.api.conversation;

import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Everything a template may look at. Text in it comes from strangers: neither the messages nor the model's template is
 * trusted.
 */
@ProviderType
public interface Conversation {

    /** Messages in order; at least one. */
    List<Message> messages();

    /** Whether the prompt ends with the opening of an assistant turn for the model to write. */
    boolean openAssistantTurn();

    /** The model's own template (Jinja), where its file carries one. */
    Optional<String> modelTemplate();

    /**
     * Spellings of the model's control tokens, for example {@code <|im_end|>}. Inside {@link PromptPiece.Kind#CONTROL}
     * pieces these become control ids, so a template must not let one from a message end up in such a piece.
     */
    List<String> controlTokens();

    /** Spelling of the beginning-of-sequence token, or empty. */
    String beginToken();

    /** Spelling of the end-of-sequence token, or empty. */
    String endToken();

    /** Further arguments for the model's template, for example {@code enable_thinking}; values are JSON-like. */
    Map<String, Object> arguments();

    /** The date and time a template may print; given, so that prompts can be repeated. */
    LocalDateTime now();
}
