package org.alcove.templates;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.alcove.api.conversation.Conversation;
import org.alcove.api.conversation.ConversationTemplate;
import org.alcove.api.conversation.Message;
import org.alcove.api.conversation.Message.Role;
import org.alcove.api.conversation.Prompt;
import org.alcove.api.conversation.TemplateException;
import org.alcove.templates.TurnFormat.Replacement;
import org.alcove.templates.TurnFormat.SystemText;
import org.alcove.templates.TurnFormat.Turn;

/** The prompt format of a model family. What a conversation says that the format cannot express is refused, never dropped. */
final class FamilyTemplate implements ConversationTemplate {

    private final TurnFormat format;

    FamilyTemplate(TurnFormat format) {
        this.format = format;
    }

    @Override
    public Prompt render(Conversation conversation) {
        List<Message> messages = conversation.messages();
        int lead = 0;
        while (lead < messages.size() && messages.get(lead).role() == Role.SYSTEM) {
            lead++;
        }
        check(messages, lead, conversation.openAssistantTurn());
        PieceWriter out = new PieceWriter();
        out.control(format.begin());
        boolean inside = format.system().map(SystemText::insideFirstUser).orElse(false);
        if (!inside) {
            writeSystem(messages.subList(0, lead), out);
        }
        out.control(format.seed());
        writeTurns(messages, lead, inside, out);
        if (conversation.openAssistantTurn()) {
            out.control(format.assistant().open());
        }
        return new Prompt(out.pieces(), format.stops(), format.stopIds());
    }

    private void writeTurns(List<Message> messages, int lead, boolean inside, PieceWriter out) {
        int users = 0;
        int answers = 0;
        for (Message message : messages.subList(lead, messages.size())) {
            switch (message.role()) {
                case USER -> {
                    String before = users == 0 ? format.user().first() : format.user().before();
                    out.control(before.replace(TurnFormat.ROUND, Integer.toString(format.rules().firstRound() + users)));
                    if (users == 0 && inside) {
                        writeSystem(messages.subList(0, lead), out);
                    }
                    users++;
                    close(message, format.user(), out);
                }
                case ASSISTANT -> {
                    out.control(answers++ == 0 ? format.assistant().first() : format.assistant().before());
                    close(message, format.assistant(), out);
                }
                default -> writeSystem(List.of(message), out);
            }
        }
    }

    private void writeSystem(List<Message> messages, PieceWriter out) {
        Optional<SystemText> system = format.system();
        if (system.isEmpty() || messages.isEmpty() && system.get().preset().isEmpty()) {
            return;
        }
        if (messages.isEmpty()) {
            out.control(system.get().before() + system.get().preset().get() + system.get().after());
            return;
        }
        out.control(system.get().before());
        for (int i = 0; i < messages.size(); i++) {
            if (i > 0) {
                // Formats with one place for a system text: several become paragraphs of it. The others write a turn for each.
                out.control(format.rules().anyOrder() ? system.get().after() + system.get().before() : "\n\n");
            }
            out.content(said(messages.get(i)));
        }
        out.control(system.get().after());
    }

    private void close(Message message, Turn turn, PieceWriter out) {
        out.content(said(message));
        out.control(turn.after());
    }

    private String said(Message message) {
        String text = format.rules().trim() ? message.content().strip() : message.content();
        for (Replacement replacement : format.rules().replacements()) {
            text = text.replace(replacement.from(), replacement.to());
        }
        return text;
    }

    private void check(List<Message> messages, int lead, boolean open) {
        if (lead > 0 && format.system().isEmpty()) {
            throw refused("has no place for a system message; put its text into the first user message");
        }
        List<Message> turns = messages.subList(lead, messages.size());
        List<Role> roles = new ArrayList<>();
        for (Message message : turns) {
            if (message.role() == Role.TOOL) {
                throw refused("has no place for a tool's answer (message " + (lead + roles.size() + 1)
                        + "); send it as a user message, or use the model's own template");
            }
            roles.add(message.role());
        }
        long users = roles.stream().filter(Role.USER::equals).count();
        if (users > format.rules().turns()) {
            throw refused("holds " + format.rules().turns() + " user message(s), the conversation has " + users
                    + "; start a new conversation");
        }
        if (lead > 0 && users == 0 && format.system().get().insideFirstUser()) {
            throw refused("writes the system message inside the first user message; add a user message");
        }
        if (!format.rules().anyOrder()) {
            checkAlternation(roles, lead, open);
        }
    }

    private void checkAlternation(List<Role> roles, int lead, boolean open) {
        Role expected = Role.USER;
        for (int i = 0; i < roles.size(); i++) {
            Role role = roles.get(i);
            int number = lead + i + 1;
            if (role == Role.SYSTEM) {
                throw refused("takes system messages at the beginning only, message " + number + " is one; move it to the front");
            }
            if (role != expected) {
                throw refused("needs user and assistant messages in turn, the user first; message " + number + " is of role "
                        + role.word() + " where " + expected.word()
                        + " is due; join messages that follow one another, or insert the missing one");
            }
            expected = role == Role.USER ? Role.ASSISTANT : Role.USER;
        }
        if (open && expected == Role.USER) {
            throw refused(roles.isEmpty() ? "needs a user message to answer; add one"
                    : "cannot answer after an assistant message; add a user message at the end");
        }
    }

    private TemplateException refused(String problem) {
        return new TemplateException(TemplateException.Cause.CONVERSATION, "the format " + format.name() + " " + problem);
    }
}
