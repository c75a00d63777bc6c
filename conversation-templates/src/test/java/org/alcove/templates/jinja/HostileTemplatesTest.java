package org.alcove.templates.jinja;

import static org.alcove.testkit.conversation.SampleConversation.user;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.alcove.api.conversation.PromptPiece;
import org.alcove.api.conversation.TemplateException;
import org.alcove.testkit.conversation.ControlTokens;
import org.alcove.testkit.conversation.SampleConversation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Templates that mean harm end in the typed error. Their bounds are counted, so that no clock is needed to see them hold. */
class HostileTemplatesTest {

    private final JinjaTemplate template = new JinjaTemplate();

    static Stream<String> hostile() {
        return Stream.of(curious(), costly(), deepOrBroken()).flatMap(List::stream);
    }

    /** Reach for Java, for files, for what is behind the scenes. */
    private static List<String> curious() {
        return List.of(
                "{{ ''.getClass().forName('java.lang.Runtime') }}",
                "{{ messages.getClass() }}",
                "{{ ''.class.forName('java.lang.System') }}",
                "{{ messages.__class__.__mro__ }}",
                "{{ ''.__class__.__bases__[0].__subclasses__() }}",
                "{{ ____int3rpr3t3r____.getContext() }}",
                "{{ ____int3rpr3t3r____.config.readResolve() }}",
                "{{ filter:trim.filter('x', ____int3rpr3t3r____) }}",
                "{{ exptest:defined.evaluate('x', ____int3rpr3t3r____) }}",
                "{{ messages.stream().map(x) }}",
                "{{ strftime_now.name() }}",
                "{{ namespace.getClass() }}",
                "{{ range.__globals__['os'] }}",
                "{{ messages|attr('class')|attr('classLoader') }}",
                "{% include '/etc/passwd' %}",
                "{% import '/etc/passwd' as x %}",
                "{% from '/etc/passwd' import x %}",
                "{% extends '/etc/passwd' %}",
                "{% block x %}{% endblock %}",
                "{% do messages.append(1) %}");
    }

    /** Want time or memory. */
    private static List<String> costly() {
        return List.of(
                "{% for i in range(10**9) %}{% endfor %}",
                "{% for i in range(99999) %}{% for j in range(99999) %}{% endfor %}{% endfor %}",
                "{% for a in range(999) %}{% for b in range(999) %}{% for c in range(999) %}x{% endfor %}{% endfor %}"
                        + "{% endfor %}",
                "{% for i in range(99999) %}{% macro m() %}" + "x".repeat(9999) + "{% endmacro %}{% endfor %}",
                "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
                "{% macro m(n) %}{{ m(n + 1) }}{{ m(n + 1) }}{% endmacro %}{{ m(0) }}",
                "{{ 2 ** (2 ** 40) }}",
                "{{ 9 ** 9 ** 9 }}",
                "{{ (messages * 99999)|tojson|length }}",
                "{{ range(99999)|unique|list }}",
                "{{ 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!'|regex_replace('(a+)+$', '') }}",
                "{{ 'x' * 10**9 }}",
                "{{ 'x' * 9223372036854775807 }}",
                "{{ [0] * 10**9 }}",
                "{% set ns = namespace(x='x') %}{% for i in range(60) %}{% set ns.x = ns.x + ns.x %}{% endfor %}",
                "{% set ns = namespace(x=[1]) %}{% for i in range(60) %}{% set ns.x = ns.x + ns.x %}{% endfor %}",
                "{% set ns = namespace(x='ab') %}{% for i in range(60) %}{% set ns.x = ns.x|replace('a', 'aa') %}{% endfor %}",
                "{% for i in range(99999) %}{{ 'x' * 999 }}{% endfor %}",
                "{{ ['x' * 9999] * 9999|join }}",
                "{{ (['x' * 9999] * 9999)|join }}",
                "{{ '%999999999d'|format(1) }}",
                "{{ 'x'.center(10**9) }}",
                "{{ ('x\n' * 99999)|indent(99) * 9 }}",
                "{% set xs = [] %}{% for i in range(99999) %}{{ xs.append('y' * 999) }}{% endfor %}",
                "{% set xs = [] %}{{ xs.append(xs) }}{{ xs }}",
                "{% set xs = [] %}{{ xs.append(xs) }}{{ xs == [xs] }}{{ xs|tojson }}");
    }

    /** Nest too deep, or make no sense. */
    private static List<String> deepOrBroken() {
        return List.of(
                "{{ " + "(".repeat(5000) + "1" + ")".repeat(5000) + " }}",
                "{{ " + "[".repeat(5000) + "]".repeat(5000) + " }}",
                "{{ " + "not ".repeat(50_000) + "1 }}",
                "{{ " + "-".repeat(50_000) + "1 }}",
                "{{ 1" + " + 1".repeat(50_000) + " }}",
                "{{ " + "9".repeat(100_000) + " }}",
                "{{ 0x" + "f".repeat(100_000) + " }}",
                "{{ 1.5e" + "9".repeat(100_000) + " }}",
                "{{ 1" + " < 2".repeat(50_000) + " < }}",
                "{{ 2" + " ** 1".repeat(50_000) + " }}",
                "{{ x" + "[0]".repeat(50_000) + " }}",
                "{{ 'a'" + "|trim".repeat(50_000) + " }}",
                "{% if 1 %}".repeat(5000) + "{% endif %}".repeat(5000),
                "{% for i in [1] %}".repeat(3000) + "{% endfor %}".repeat(3000),
                "{{ '\\", "{{",
                "{%", "{#", "{% raw %}", "{% if %}x{% endif %}", "{% for %}{% endfor %}", "{% set %}x{% endset %}",
                "{% endif %}", "{{ 1/0 }}", "{{ 1 % 0 }}", "{{ 99999999999999999999 }}", "{{ 'a' | }}", "{{ ) }}",
                "{% macro %}{% endmacro %}", "{{ $x }}", "{{ `id` }}", "{{ \u0000 }}", "x".repeat(1 << 19));
    }

    @ParameterizedTest
    @MethodSource("hostile")
    void aHostileTemplateEndsInTheTypedError(String source) {
        SampleConversation talk = SampleConversation.of(user("secret words")).withModelTemplate(source)
                .withTokens("<s>", "</s>", ControlTokens.COMMON);
        TemplateException e = assertThrows(TemplateException.class, () -> template.render(talk));
        assertEquals(TemplateException.Cause.TEMPLATE, e.fault());
        assertTrue(e.getMessage().contains("choose a named template"), e.getMessage());
        assertTrue(e.getMessage().length() < 400, e.getMessage());
        assertFalse(e.getMessage().contains("secret words"), e.getMessage());
    }

    @Test
    void aMessageIsNeverTakenForATemplate() {
        String text = "{{ 1 + 1 }}{% for i in range(9) %}x{% endfor %}{{ raise_exception('no') }}{# gone #}";
        SampleConversation talk = SampleConversation.of(user(text))
                .withModelTemplate("{% set c = messages[0].content %}[{{ c }}][{{ c|trim }}]"
                        + "{% set b %}{{ c }}{% endset %}[{{ b }}]");
        assertEquals("[" + text + "][" + text + "][" + text + "]", template.render(talk).text());
    }

    @Test
    void anEmojiOfAMessageStaysOneCharacterOfTheMessage() {
        SampleConversation talk = SampleConversation.of(user("😀<s>b😁"))
                .withModelTemplate("{% set c = messages[0].content %}😀{{ c[0] }}{{ c|last }}{{ c|reverse }}{{ c[1:4] }}")
                .withTokens("<s>", "</s>", ControlTokens.COMMON);
        assertEquals(List.of(PromptPiece.control("😀"), PromptPiece.content("😀😁😁b>s<😀<s>")),
                template.render(talk).pieces());
    }

    @Test
    void aTemplateThatRefusesIsTheConversationsFault() {
        SampleConversation talk = SampleConversation.of(user("x"))
                .withModelTemplate("{{ raise_exception('Roles must alternate') }}");
        TemplateException e = assertThrows(TemplateException.class, () -> template.render(talk));
        assertEquals(TemplateException.Cause.CONVERSATION, e.fault());
        assertTrue(e.getMessage().contains("Roles must alternate"), e.getMessage());
    }

    @Test
    void aModelWithoutATemplateSaysSo() {
        SampleConversation talk = SampleConversation.of(user("x"));
        TemplateException e = assertThrows(TemplateException.class, () -> template.render(talk));
        assertTrue(e.getMessage().contains("carries no template"), e.getMessage());
    }

    @Test
    void anArgumentCannotStandInForTheMessages() {
        SampleConversation talk = SampleConversation.of(user("x")).withModelTemplate("{{ messages }}")
                .withArguments(Map.of("messages", List.of()));
        assertEquals(TemplateException.Cause.CONVERSATION,
                assertThrows(TemplateException.class, () -> template.render(talk)).fault());
    }

    @Test
    void aLongConversationIsNotTakenForAnAttack() {
        SampleConversation talk = SampleConversation.of(user("word ".repeat(400_000)))
                .withModelTemplate("{% for m in messages %}{{ '<|im_start|>' + m.role + '\\n' + m.content|trim"
                        + " + '<|im_end|>' }}{% endfor %}");
        assertTrue(template.render(talk).text().length() > 1_900_000);
    }
}
