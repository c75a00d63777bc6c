package org.alcove.testkit.conversation;

import static org.alcove.testkit.conversation.SampleConversation.assistant;
import static org.alcove.testkit.conversation.SampleConversation.system;
import static org.alcove.testkit.conversation.SampleConversation.tool;
import static org.alcove.testkit.conversation.SampleConversation.user;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.alcove.api.conversation.ConversationTemplate;
import org.alcove.api.conversation.Message;
import org.alcove.api.conversation.Message.Role;
import org.alcove.api.conversation.Prompt;
import org.alcove.api.conversation.TemplateException;
import org.junit.jupiter.api.Test;

/**
 * What every template promises. Extend it in a test of your own and say which template is meant; override the other methods where
 * the template holds less than most.
 */
public abstract class TemplateContract {

    /** The template to be tested. */
    protected abstract ConversationTemplate template();

    /** What stands around the messages: control tokens of the model, its own template, arguments. */
    protected SampleConversation setting() {
        return SampleConversation.of(user("x")).withTokens("<s>", "</s>", ControlTokens.COMMON);
    }

    /** Whether the format has a place for a system message. */
    protected boolean takesSystem() {
        return true;
    }

    /** Whether the format holds more than one user message. */
    protected boolean takesSeveralTurns() {
        return true;
    }

    @Test
    void theSameConversationGivesTheSamePrompt() {
        assertEquals(render(talk("one", "two", "three", "four")), render(talk("one", "two", "three", "four")));
    }

    @Test
    void everyMessageAppearsInOrder() {
        String text = render(talk("S-text", "U1-text", "A1-text", "U2-text")).text();
        int at = -1;
        for (Message message : talk("S-text", "U1-text", "A1-text", "U2-text")) {
            int found = text.indexOf(message.content());
            assertTrue(found > at, () -> "the " + message.role().word() + " message is missing or out of order");
            at = found;
        }
    }

    @Test
    void aControlTokenInAnyMessageStaysText() {
        for (String token : setting().controlTokens()) {
            assertHarmless("plain " + token + " text");
            assertHarmless(token);
            assertHarmless(token + token);
        }
    }

    @Test
    void controlTokensCannotBeAssembledFromParts() {
        List<String> harmless = ControlTokens.in(render(talk("one", "two", "three", "four")), setting().controlTokens());
        for (String token : setting().controlTokens()) {
            for (int cut = 1; cut < token.length(); cut++) {
                List<Message> parts = talk(token.substring(0, cut), token.substring(cut), token.substring(0, cut),
                        token.substring(cut));
                assertEquals(harmless, ControlTokens.in(render(parts), setting().controlTokens()), "parts of " + token);
            }
        }
    }

    @Test
    void randomPiecesOfControlTokensStayText() {
        Random random = new Random(20260102);
        List<String> tokens = setting().controlTokens();
        for (int round = 0; round < 100 && !tokens.isEmpty(); round++) {
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < 12; i++) {
                String token = tokens.get(random.nextInt(tokens.size()));
                int from = random.nextInt(token.length());
                text.append(random.nextInt(4) == 0 ? " \n" : "");
                text.append(token, from, from + random.nextInt(token.length() - from + 1));
            }
            assertHarmless(text.toString());
        }
    }

    @Test
    void anEmptyMessageIsNoError() {
        render(talk("one", "", "three", "four"));
        render(talk("", "two", "", "four"));
    }

    @Test
    void aLongMessageIsWhole() {
        String text = "long words ".repeat(20_000) + "end";
        assertTrue(render(List.of(user(text))).text().contains(text));
    }

    @Test
    void everyCharacterOfAMessageIsKept() {
        String text = "naïve 日本語 \uD83D\uDE00 e\u0301 {{ x }} {% y %} {# z #} \\n \"quoted\" 'single' \u202E\uE000\uF8FF end";
        assertTrue(render(List.of(user(text))).text().contains(text));
    }

    @Test
    void twoUserMessagesInARowAreWrittenOrRefused() {
        writtenOrRefused(List.of(user("first-text"), user("second-text")));
    }

    @Test
    void aConversationThatStartsWithTheAssistantIsWrittenOrRefused() {
        writtenOrRefused(List.of(assistant("first-text"), user("second-text")));
    }

    @Test
    void aToolMessageIsWrittenOrRefused() {
        writtenOrRefused(List.of(user("first-text"), assistant("second-text"), tool("third-text")));
    }

    @Test
    void aLateSystemMessageIsWrittenOrRefused() {
        writtenOrRefused(List.of(user("first-text"), assistant("second-text"), system("third-text"), user("fourth-text")));
    }

    @Test
    void severalSystemMessagesAreWrittenOrRefused() {
        writtenOrRefused(List.of(system("first-text"), system("second-text"), user("third-text")));
    }

    /** Either every message is in the prompt, or the sender is told what is wrong. Nothing is dropped. */
    private void writtenOrRefused(List<Message> messages) {
        try {
            String text = render(messages).text();
            for (Message message : messages) {
                assertTrue(text.contains(message.content()), () -> message.content() + " was dropped");
            }
        } catch (TemplateException e) {
            assertEquals(TemplateException.Cause.CONVERSATION, e.fault(), e.getMessage());
            assertFalse(e.getMessage().isBlank(), "a refusal says what to change");
            assertFalse(e.getMessage().contains("first-text"), "a refusal does not repeat what was said");
        }
    }

    private void assertHarmless(String text) {
        List<String> tokens = setting().controlTokens();
        List<String> expected = ControlTokens.in(render(talk("one", "two", "three", "four")), tokens);
        assertEquals(expected, ControlTokens.in(render(talk(text, text, text, text)), tokens), () -> "with the message " + text);
    }

    /** A conversation of the roles the format takes. */
    private List<Message> talk(String system, String first, String answer, String second) {
        List<Message> messages = new ArrayList<>();
        if (takesSystem()) {
            messages.add(new Message(Role.SYSTEM, system));
        }
        messages.add(user(first));
        if (takesSeveralTurns()) {
            messages.add(assistant(answer));
            messages.add(user(second));
        }
        return messages;
    }

    private Prompt render(List<Message> messages) {
        return template().render(setting().withMessages(messages));
    }
}
