package org.alcove.templates.jinja;

import static org.alcove.testkit.conversation.SampleConversation.user;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.alcove.api.conversation.TemplateException;
import org.alcove.testkit.conversation.SampleConversation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is not supported is refused by its name, never passed over: the prompt would be another one. */
class UnsupportedCallsTest {

    private final JinjaTemplate template = new JinjaTemplate();

    @ParameterizedTest
    @CsvSource(delimiterString = " => ", quoteCharacter = '"', value = {
        "'x'|upper(1) => uses the filter 'upper' with more arguments (1) than are supported (0)",
        "'x'|unique(foo=1) => uses the filter 'unique' with the argument 'foo', which is not supported",
        "'x'|replace('x') => uses the filter 'replace' without the argument 'new'",
        "'x'|replace('x', 'y', old='z') => uses the filter 'replace' with the argument 'old' twice",
        "[1]|map(attribute='a', foo=1) => uses the filter 'map' with the argument 'foo', which is not supported",
        "[1]|selectattr => calls a filter without its first argument",
        "7|nosuchfilter => uses the filter 'nosuchfilter', which is not supported",
        "'x'|tojson(separators=1) => gives no two texts as argument 'separators'",
        "'x'|indent(101) => indents by 101 blanks, at most 100 are supported",
        "{}|dictsort(by='size') => sorts a mapping by something other than key and value",
        "2.5|round(method='up') => rounds by a method other than common, ceil and floor",
        "'1'|int(base=99) => reads a number to base 99; bases are 0 and 2 to 36",
        "1 is defined(2) => uses the test 'defined' with more arguments (1) than are supported (0)",
        "1 is divisibleby => uses the test 'divisibleby' without the argument 'num'",
        "'x'.strip(foo=1) => calls the method 'strip' of a text with the argument 'foo', which is not supported",
        "'x'.center(9) => calls the method 'center' of a text, which is not supported",
        "{}.get() => calls the method 'get' of a mapping without the argument 'key'",
        "[].pop(1, 2) => calls the method 'pop' of a list with more arguments (2) than are supported (1)",
        "range(1, 2, 3, 4) => calls the function 'range' with more arguments (4) than are supported (3)",
        "strftime_now('%n') => prints the time with '%n', which is not supported",
        "strftime_now('%s') => prints the time with '%s', which is not supported",
        "2 ** 64 => calculates a whole number of more than 64 bits"})
    void theFaultNamesWhatIsNotSupported(String expression, String fault) {
        TemplateException e = refused("{{ " + expression + " }}");
        assertEquals(TemplateException.Cause.TEMPLATE, e.fault());
        assertEquals("the model's template " + fault + "; choose a named template for this model instead", e.getMessage());
    }

    @ParameterizedTest
    @CsvSource(delimiterString = " => ", quoteCharacter = '"', value = {
        "m(1, 2) => calls the macro 'm' with more arguments (2) than are supported (1)",
        "m(b=2) => calls the macro 'm' with the argument 'b', which is not supported",
        "m(1, a=2) => calls the macro 'm' with the argument 'a' twice"})
    void aMacroTakesWhatItSaysItTakes(String call, String fault) {
        assertTrue(refused("{% macro m(a) %}{{ a }}{% endmacro %}{{ " + call + " }}").getMessage().contains(fault));
    }

    @Test
    void aRefusalMaySpeakOfPercent() {
        TemplateException e = refused("{{ raise_exception('only 100% %s and %c') }}");
        assertEquals(TemplateException.Cause.CONVERSATION, e.fault());
        assertTrue(e.getMessage().contains("only 100% %s and %c"), e.getMessage());
    }

    private TemplateException refused(String source) {
        SampleConversation talk = SampleConversation.of(user("x")).withModelTemplate(source);
        return assertThrows(TemplateException.class, () -> template.render(talk));
    }
}
