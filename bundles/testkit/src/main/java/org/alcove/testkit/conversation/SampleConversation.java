package org.alcove.testkit.conversation;

import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.alcove.api.conversation.Conversation;
import org.alcove.api.conversation.Message;
import org.alcove.api.conversation.Message.Role;

/** A conversation made up for a test. */
public record SampleConversation(List<Message> messages, boolean openAssistantTurn, Optional<String> modelTemplate,
        List<String> controlTokens, String beginToken, String endToken, Map<String, Object> arguments, LocalDateTime now)
        implements Conversation {

    public SampleConversation {
        messages = List.copyOf(messages);
        controlTokens = List.copyOf(controlTokens);
    }

    /** Messages alone: no template of the model's own, no control tokens, the assistant to speak next. */
    public static SampleConversation of(Message... messages) {
        return new SampleConversation(List.of(messages), true, Optional.empty(), List.of(), "", "", Map.of(),
                LocalDateTime.of(2026, 1, 2, 3, 4, 5));
    }

    /** The same with a Jinja source. */
    public SampleConversation withModelTemplate(String source) {
        return new SampleConversation(messages, openAssistantTurn, Optional.of(source), controlTokens, beginToken, endToken,
                arguments, now);
    }

    /** The same with control tokens, of which the first begins and the second ends a sequence. */
    public SampleConversation withTokens(String begin, String end, List<String> all) {
        return new SampleConversation(messages, openAssistantTurn, modelTemplate, all, begin, end, arguments, now);
    }

    /** The same with other messages. */
    public SampleConversation withMessages(List<Message> others) {
        return new SampleConversation(others, openAssistantTurn, modelTemplate, controlTokens, beginToken, endToken, arguments,
                now);
    }

    /** The same with arguments for the model's template. */
    public SampleConversation withArguments(Map<String, Object> others) {
        return new SampleConversation(messages, openAssistantTurn, modelTemplate, controlTokens, beginToken, endToken, others,
                now);
    }

    /** The same without an opened assistant turn at the end. */
    public SampleConversation closed() {
        return new SampleConversation(messages, false, modelTemplate, controlTokens, beginToken, endToken, arguments, now);
    }

    /** A message of the operator. */
    public static Message system(String text) {
        return new Message(Role.SYSTEM, text);
    }

    /** A message of the user. */
    public static Message user(String text) {
        return new Message(Role.USER, text);
    }

    /** A message of the model. */
    public static Message assistant(String text) {
        return new Message(Role.ASSISTANT, text);
    }

    /** An answer of a tool. */
    public static Message tool(String text) {
        return new Message(Role.TOOL, text);
    }
}
