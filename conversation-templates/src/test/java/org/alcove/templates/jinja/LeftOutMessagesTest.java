package org.alcove.templates.jinja;

import static org.alcove.testkit.conversation.SampleConversation.assistant;
import static org.alcove.testkit.conversation.SampleConversation.system;
import static org.alcove.testkit.conversation.SampleConversation.tool;
import static org.alcove.testkit.conversation.SampleConversation.user;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.alcove.api.conversation.Message;
import org.alcove.api.conversation.TemplateException;
import org.alcove.testkit.conversation.SampleConversation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What was said gets a place in the prompt or is refused; what a template does with it there is the template's affair. */
class LeftOutMessagesTest {

    private static final String TWO_ROLES = "{% for m in messages %}{% if m.role in ['user', 'assistant'] %}"
            + "<{{ m.role }}>{{ m.content }}{% endif %}{% endfor %}";
    private static final String CUTS_THOUGHTS = "{% for m in messages %}<{{ m.role }}>"
            + "{{ m.content.split('</thought>')[-1].lstrip() if m.role == 'assistant' else m.content }}{% endfor %}";

    private final JinjaTemplate template = new JinjaTemplate();

    @Test
    void aMessageIsLeftOutThoughItsWordsStandInAnother() {
        refused(1, "system", TWO_ROLES, system("Be a pirate."), user("Who was the best pirate?"));
        refused(3, "tool", TWO_ROLES, user("Six times seven?"), assistant("I calculate"), tool("42"), assistant("It is 42"));
    }

    @Test
    void aMessageIsLeftOutThoughTheTemplateWritesItsWords() {
        refused(1, "system", TWO_ROLES, system("user"), user("Hi"));
    }

    @Test
    void aMessageIsLeftOutThoughItSaysTheSameAsAnother() {
        refused(2, "tool", TWO_ROLES, user("again"), tool("again"), user("again"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"👍", "!!! ;-) 🎉", "…", "1"})
    void aMessageWithoutWordsIsLeftOutToo(String said) {
        refused(2, "tool", TWO_ROLES, user("Hi"), tool(said));
        assertEquals("<user>Hi<assistant>" + said, text(TWO_ROLES, user("Hi"), assistant(said)));
    }

    @Test
    void aMessageOfWhiteSpaceSaysNothingThatCouldBeLeftOut() {
        assertEquals("<user>Hi", text(TWO_ROLES, system(" \n\u3000"), user("Hi"), tool("")));
    }

    @Test
    void anAnswerWhoseThoughtIsCutIsThere() {
        assertEquals("<user>Q<assistant>Ok<user>Z", text(CUTS_THOUGHTS, user("Q"),
                assistant("<thought>\nextraordinarily\n</thought>\nOk"), user("Z")));
    }

    @Test
    void anAnswerThatIsNothingButAThoughtMayBeCut() {
        assertEquals("<user>Q<assistant><user>Z",
                text(CUTS_THOUGHTS, user("Q"), assistant("<thought>extraordinarily</thought>"), user("Z")));
    }

    @Test
    void aMessageThatIsASwitchIsHeardThoughItIsNotWritten() {
        String source = "{% set s = messages[0].content %}{% if '/no_think' in s %}fast{% endif %}"
                + "{{ s.replace('/no_think', '') }}<user>{{ messages[1].content }}";
        assertEquals("fast<user>Hi", text(source, system("/no_think"), user("Hi")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{{ messages[0].content|upper }}", "{{ messages[0].content[0] }}", "{{ messages[0].content[:3] }}",
        "{{ messages[0].content|tojson }}", "{{ messages[0].content.split('d')[0] }}"})
    void aMessageThatIsChangedOrCutIsThere(String source) {
        assertTrue(text(source, user("a bcde")).length() > 0);
        assertTrue(text(source, user("she said \"x\"")).length() > 0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"A{{ messages[0].content[1:] }}",
        "A{% if messages[0].content|length > 3 %}{{ messages[0].content }}{% endif %}"})
    void aMessageThatIsTooShortForItsPlaceHasOne(String source) {
        assertEquals("A", text(source, user("x")));
    }

    @Test
    void aTemplateThatGivesWayToNoOtherTextHeardThisOne() {
        String source = "{% if messages[0].content != 'go' %}{{ raise_exception('no go') }}{% endif %}{{ messages[1].content }}";
        assertEquals("Hi", text(source, system("go"), user("Hi")));
    }

    @Test
    void aTemplateThatLooksForAMessageFindsItWhateverElseSaysTheSame() {
        String source = "{% set seen = {messages[0].content: 'again'} %}{{ messages[0].content == messages[1].content }}"
                + "{{ messages|map(attribute='content')|unique|list|length }}{{ seen[messages[1].content] }}{{ seen['hi'] }}"
                + "{{ messages[0].content in messages[1].content }}{{ messages[0].content + messages[1].content }}";
        assertEquals("True1againagainTruehihi", text(source, user("hi"), user("hi")));
    }

    @Test
    void ofALongConversationTheOneMessageThatIsLeftOutIsNamed() {
        List<Message> talk = new ArrayList<>();
        for (int i = 0; i < 3000; i++) {
            talk.add(i % 2 == 0 ? user("yes") : assistant("no"));
        }
        assertEquals(3000 / 2 * "<user>yes<assistant>no".length(), text(TWO_ROLES, talk.toArray(Message[]::new)).length());
        talk.set(2500, tool("yes"));
        refused(2501, "tool", TWO_ROLES, talk.toArray(Message[]::new));
    }

    private String text(String source, Message... messages) {
        return template.render(SampleConversation.of(messages).withModelTemplate(source)).text();
    }

    private void refused(int number, String role, String source, Message... messages) {
        TemplateException e = assertThrows(TemplateException.class, () -> text(source, messages));
        assertEquals(TemplateException.Cause.CONVERSATION, e.fault());
        assertEquals("the model's template leaves out message " + number + ", of role " + role
                + "; put its text into a user message, or choose a named template for this model", e.getMessage());
    }
}
