package org.alcove.worker;

import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.alcove.api.conversation.Conversation;
import org.alcove.api.conversation.Message;

/** A conversation with what its model says about prompts. */
record ModelConversation(List<Message> messages, boolean openAssistantTurn, Optional<String> modelTemplate,
        List<String> controlTokens, String beginToken, String endToken, Map<String, Object> arguments, LocalDateTime now)
        implements Conversation {
}
