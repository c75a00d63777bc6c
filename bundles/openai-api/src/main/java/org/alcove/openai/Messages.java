package org.alcove.openai;

import static org.alcove.openai.Rule.noEffect;
import static org.alcove.openai.Rule.refused;
import static org.alcove.openai.Rule.refusedUnless;
import static org.alcove.openai.Rule.works;

import java.util.ArrayList;
import java.util.List;
import org.alcove.api.conversation.Message;

/** Reads the messages of a chat. */
final class Messages {

    private static final int MAX_MESSAGES = 65_536;
    private static final int MAX_NAME = 512;

    private static final FieldTable<Turn> TURN = new FieldTable<>(List.of(
            works("role", (turn, value) -> turn.role = role(value)),
            works("content", (turn, value) -> turn.content = value),
            works("refusal", (turn, value) -> turn.refusal = value.text()),
            noEffect("tool_call_id", value -> value.text(MAX_NAME)),
            // Clients send back what they were given: these come empty from here, and thoughts of other servers' models are
            // not shown to a model again.
            noEffect("parsed", value -> { }),
            noEffect("annotations", value -> value.list(0, Integer.MAX_VALUE)),
            noEffect("reasoning_content", Value::text),
            noEffect("reasoning", Value::text),
            refusedUnless("tool_calls", value -> value.list(0, Integer.MAX_VALUE).isEmpty(),
                    "this server does not call tools; leave it out"),
            refused("function_call", "this server does not call functions; leave it out"),
            refused("audio", "this server reads text; leave it out"),
            refused("name", "models here do not see it; say in the content who speaks")));

    private static final FieldTable<StringBuilder> TEXT_PART = new FieldTable<>(List.of(
            works("type", (text, value) -> { }),
            works("text", (text, value) -> text.append(value.text()))));

    private static final FieldTable<StringBuilder> REFUSAL_PART = new FieldTable<>(List.of(
            works("type", (text, value) -> { }),
            works("refusal", (text, value) -> text.append(value.text()))));

    private Messages() {
    }

    /** A message as its fields are read. */
    private static final class Turn {
        private Message.Role role;
        private Value content;
        private String refusal;
    }

    static List<Message> read(Value messages) {
        List<Message> turns = new ArrayList<>();
        messages.list(1, MAX_MESSAGES).forEach(value -> turns.add(message(value)));
        return turns;
    }

    private static Message message(Value value) {
        Turn turn = new Turn();
        TURN.read(value, turn);
        if (turn.role == null) {
            throw ApiException.missing(value.path() + ".role");
        }
        boolean assistant = turn.role == Message.Role.ASSISTANT;
        if (turn.content == null && !assistant) {
            throw ApiException.missing(value.path() + ".content");
        }
        if (turn.refusal != null && !assistant) {
            throw ApiException.invalid(value.path() + ".refusal", value.path() + ".refusal is only for the role assistant");
        }
        String content = turn.content == null ? "" : content(turn.content, assistant);
        return new Message(turn.role, content.isEmpty() && turn.refusal != null ? turn.refusal : content);
    }

    private static Message.Role role(Value value) {
        return switch (value.text()) {
            case "system", "developer" -> Message.Role.SYSTEM;
            case "user" -> Message.Role.USER;
            case "assistant" -> Message.Role.ASSISTANT;
            case "tool" -> Message.Role.TOOL;
            case "function" -> throw ApiException.unsupported(value.path(), value.path()
                    + " \"function\" is not supported; send the role \"tool\"");
            default -> throw ApiException.invalid(value.path(), value.path() + " is \"" + Value.shortened(value.text())
                    + "\"; it must be developer, system, user, assistant or tool");
        };
    }

    private static String content(Value content, boolean assistant) {
        if (content.node().isTextual()) {
            return content.text();
        }
        if (!content.node().isArray()) {
            throw content.wrong("a string or a list of parts");
        }
        StringBuilder text = new StringBuilder();
        for (Value part : content.list(1, MAX_MESSAGES)) {
            part(part, assistant, text);
        }
        return text.toString();
    }

    private static void part(Value part, boolean assistant, StringBuilder text) {
        Value type = part.at("type");
        if (type.isNull()) {
            throw ApiException.missing(type.path());
        }
        String kind = type.text();
        boolean refusal = assistant && kind.equals("refusal");
        if (!kind.equals("text") && !refusal) {
            throw ApiException.unsupported(type.path(), type.path() + " \"" + Value.shortened(kind)
                    + "\" is not supported: this server reads text parts only");
        }
        if (part.at(kind).isNull()) {
            throw ApiException.missing(part.path() + "." + kind);
        }
        (refusal ? REFUSAL_PART : TEXT_PART).read(part, text);
    }
}
