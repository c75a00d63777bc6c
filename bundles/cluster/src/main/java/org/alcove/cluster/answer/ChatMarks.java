package org.alcove.cluster.answer;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.alcove.api.conversation.Message;
import org.alcove.api.worker.GenerateRequest;
import org.alcove.cluster.wire.FastChatTemplate;
import org.alcove.cluster.wire.SeparatorStyle;

/**
 * The conversation template that FastChat's API servers are given for our models. A FastChat peer writes the prompt itself, in
 * one of 23 styles that know no model's own template, and what it writes is text that may hold no control tokens. So it is given
 * a format that can be read back: a random mark before each turn. The prompt that returns is taken apart into the conversation
 * it was, and our worker renders that as it does any other.
 *
 * <p>Which mark is in use is read off the beginning of the prompt, where nobody but the template writes; so an API server that
 * remembers the template of a worker from before its restart is understood, too. Nobody who writes a turn knows the mark.
 */
public final class ChatMarks {

    private static final String SYSTEM = "system";
    private static final String USER = "user";
    private static final String ASSISTANT = "assistant";
    private static final Pattern BEGIN = Pattern.compile("<(alcove-[0-9a-f]{32})-" + SYSTEM + ">");

    private final String mark = "alcove-" + UUID.randomUUID().toString().replace("-", "");

    /** The template as FastChat tells it. */
    public FastChatTemplate template() {
        return new FastChatTemplate("alcove", tag(mark, SYSTEM) + FastChatTemplate.SLOT, "", tag(mark, USER),
                tag(mark, ASSISTANT), List.of(), SeparatorStyle.NO_COLON_SINGLE, "", "", List.of(), List.of());
    }

    private static String tag(String mark, String role) {
        return "<" + mark + "-" + role + ">";
    }

    /** The conversation that a prompt was written from; nothing where it was not written by the template. */
    public static Optional<GenerateRequest.Chat> conversation(String prompt) {
        Matcher begin = BEGIN.matcher(prompt);
        if (!begin.lookingAt()) {
            return Optional.empty();
        }
        Pattern turn = Pattern.compile("<" + begin.group(1) + "-(" + SYSTEM + "|" + USER + "|" + ASSISTANT + ")>");
        Matcher next = turn.matcher(prompt);
        List<Message> messages = new ArrayList<>();
        String role = SYSTEM;
        int from = begin.end();
        while (next.find(from)) {
            add(messages, role, prompt.substring(from, next.start()));
            role = next.group(1);
            from = next.end();
        }
        if (!role.equals(ASSISTANT) || from < prompt.length()) {
            add(messages, role, prompt.substring(from));
        }
        return messages.isEmpty() ? Optional.empty() : Optional.of(new GenerateRequest.Chat(messages, Map.of()));
    }

    /** The system turn is always written, and where nobody said anything in it there is none. */
    private static void add(List<Message> messages, String role, String text) {
        if (!role.equals(SYSTEM) || !text.isEmpty()) {
            messages.add(new Message(Message.Role.valueOf(role.toUpperCase(java.util.Locale.ROOT)), text));
        }
    }
}
