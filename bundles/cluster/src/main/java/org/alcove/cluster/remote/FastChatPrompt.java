package org.alcove.cluster.remote;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.alcove.api.conversation.Message;
import org.alcove.api.conversation.Message.Role;
import org.alcove.api.worker.Failure;
import org.alcove.api.worker.RequestException;
import org.alcove.cluster.wire.FastChatTemplate;
import org.alcove.cluster.wire.FastChatTemplate.Turn;
import org.alcove.cluster.wire.SeparatorStyle;

/**
 * Writes conversations in the prompt format of a worker of FastChat. What the format has no place for is refused, never dropped;
 * spellings of control tokens in what people said are broken up ({@link ControlSpellings}), because the prompt goes as one text.
 */
final class FastChatPrompt {

    /** Formats that name the speaker of each turn, so that turns may come in any order. */
    private static final Set<SeparatorStyle> ANY_ORDER =
            Set.of(SeparatorStyle.CHATML, SeparatorStyle.LLAMA3, SeparatorStyle.CHATGLM3);
    /** Most turns, with the open one, that the format writes. */
    private static final int CLLM_TURNS = 2;

    private final FastChatTemplate template;
    private final FastChatTurns turns;
    private final ControlSpellings spellings;

    FastChatPrompt(FastChatTemplate template) {
        this.template = template;
        this.turns = new FastChatTurns(template);
        this.spellings = ControlSpellings.of(template);
    }

    /** Strings and ids that end an answer, beside those the caller asks for. */
    FastChatTemplate template() {
        return template;
    }

    /**
     * The prompt of a conversation, with an open turn for the assistant.
     *
     * @throws RequestException if the format has no place for something in it
     */
    String render(List<Message> messages) {
        int lead = 0;
        while (lead < messages.size() && messages.get(lead).role() == Role.SYSTEM) {
            lead++;
        }
        List<Message> said = messages.subList(lead, messages.size());
        check(said, lead);
        StringBuilder out = new StringBuilder();
        String system = lead == 0 ? template.systemMessage() : system(messages.subList(0, lead));
        out.append(turns.start(template.systemTemplate().replace(FastChatTemplate.SLOT, system), !system.isEmpty()));
        List<Turn> all = new ArrayList<>(template.seed());
        for (Message message : said) {
            all.add(new Turn(message.role() == Role.USER ? template.user() : template.assistant(),
                    spellings.broken(message.content())));
        }
        int from = template.style() == SeparatorStyle.CLLM ? Math.max(0, all.size() + 1 - CLLM_TURNS) : 0;
        for (int i = from; i < all.size(); i++) {
            Turn turn = all.get(i);
            out.append(turns.before(i - from, turn.role())).append(shaped(turn.text())).append(turns.after(i - from));
        }
        String prompt = out.append(turns.open(all.size() - from, template.assistant())).toString();
        return template.style() == SeparatorStyle.YUAN2 ? yuan(prompt) : prompt;
    }

    /** A text that is to be continued. */
    String plain(String text) {
        return spellings.broken(text);
    }

    private String system(List<Message> messages) {
        return spellings.broken(String.join("\n\n", messages.stream().map(Message::content).toList()));
    }

    private String shaped(String text) {
        return switch (template.style()) {
            case RWKV -> text.replace("\r\n", "\n").replace("\n\n", "\n");
            case LLAMA3 -> text.strip();
            default -> text;
        };
    }

    /** The last mark between turns gives way to the separator. */
    private String yuan(String prompt) {
        String mark = "<n>";
        return (prompt.endsWith(mark) ? prompt.substring(0, prompt.length() - mark.length()) : prompt) + template.sep();
    }

    private void check(List<Message> said, int lead) {
        if (lead > 0 && template.style() == SeparatorStyle.GEMMA) {
            throw refused("has no place for a system message; put its text into the first user message");
        }
        Role due = Role.USER;
        for (int i = 0; i < said.size(); i++) {
            Role role = said.get(i).role();
            int number = lead + i + 1;
            if (role == Role.TOOL) {
                throw refused("has no place for a tool's answer (message " + number + "); send it as a user message");
            }
            if (role == Role.SYSTEM) {
                throw refused("takes system messages at the beginning only, message " + number + " is one; move it to the front");
            }
            if (role != due && !ANY_ORDER.contains(template.style())) {
                throw refused("needs user and assistant messages in turn, the user first; message " + number + " is of role "
                        + role.word() + " where " + due.word() + " is due; join messages that follow one another");
            }
            due = role == Role.USER ? Role.ASSISTANT : Role.USER;
        }
        if (due == Role.USER) {
            throw refused(said.isEmpty() ? "needs a user message to answer; add one"
                    : "cannot answer after an assistant message; add a user message at the end");
        }
    }

    private RequestException refused(String problem) {
        return new RequestException(new Failure.Invalid("messages",
                "the format " + template.name() + " of the worker " + problem));
    }
}
