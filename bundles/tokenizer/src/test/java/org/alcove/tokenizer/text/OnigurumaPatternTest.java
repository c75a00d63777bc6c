package org.alcove.tokenizer.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.alcove.weights.ModelFormatException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Patterns that Java alone would read otherwise, and the pieces that the library of {@code tokenizer.json} (0.23.2) cuts. */
class OnigurumaPatternTest {

    private static void assertPieces(String expression, String text, String pieces) {
        List<String> cut = new ArrayList<>();
        PatternSplit.isolating(expression).cut(text.translateEscapes(), true, cut::add);
        assertEquals(List.of(pieces.translateEscapes().split("/")), cut, expression);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '~', quoteCharacter = '`', value = {
        "[[:alpha:]]+|[[:digit:]] ~ ab1\u00e92 ~ ab/1/\u00e9/2",
        "[[:^alpha:]]+ ~ ab12 ~ ab/12",
        "[^[:alpha:]]+ ~ ab12 x ~ `ab/12 /x`",
        "[^[:^alpha:]]+ ~ ab1 ~ ab/1",
        "[^a[:^alpha:]]+ ~ ab1 ~ a/b/1",
        "[a-f[:digit:]]+ ~ ag12f ~ a/g/12f",
        "[[:alpha:][:digit:]_]+ ~ ab1_- ~ ab1_/-",
        "[[:lower:]&&[^a]]+ ~ abAc ~ a/b/A/c",
        "(?i)[[:upper:]]+ ~ aB1 ~ aB/1",
        "[[:punct:]] ~ a$.+\u20acb ~ a/$/./+/\u20ac/b",
        "[[:print:]]+ ~ a\u2028b\\0c ~ a/\u2028/b/\\0/c",
        "[[:blank:]]+ ~ a\\s\\t\u3000\\nb ~ a/\\s\\t\u3000/\\nb",
        "[[:word:]]+ ~ a\u00b2_\u0301\u200d ~ a/\u00b2/_\u0301/\u200d",
        "[[:cntrl:]] ~ a\\0\u00ad\u200db ~ a/\\0/\u00ad\u200db",
        "[:alpha:] ~ a:lx ~ a/:/l/x"})
    void classesInBracketsHaveTheirUnicodeMembers(String expression, String text, String pieces) {
        assertPieces(expression, text, pieces);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '~', quoteCharacter = '`', value = {
        "\\h+ ~ ab\\s\\tzg12 ~ ab/\\s\\tzg/12",
        "\\H+ ~ ab zg ~ `ab/ zg`",
        "[\\h_]+ ~ ab_z ~ ab_/z",
        "[\\H]+ ~ ab zg ~ `ab/ zg`",
        "[^\\h]+ ~ 0fg-1 ~ 0f/g-/1",
        "\\h{2} ~ 0fg1 ~ 0f/g1",
        "\\\\h ~ a\\\\hb ~ a/\\\\h/b",
        "\\v ~ a\\013\\n\\fb ~ a/\\013/\\n\\fb",
        "\\w+ ~ a\u00b2b\u200dc ~ a\u00b2b/\u200d/c",
        "[\\w]+ ~ a\u00b2b ~ a/\u00b2/b",
        "\\W+ ~ a\u00b2-b ~ a\u00b2/-/b",
        "[\\W]+ ~ a\u00b2-b ~ a/\u00b2-/b",
        "\\bb ~ a\u00b2b b\u200db ~ `a\u00b2b /b/\u200d/b`",
        "\\Bb ~ a\u00b2b b\u200db ~ `a\u00b2/b/ b\u200db`",
        "[\\b] ~ a\\bb ~ a/\\b/b",
        "\\Qa.b\\E ~ Qa.bE a.b ~ `Qa.bE/ a.b`",
        "\\V ~ aV ~ a/V",
        "\\pL ~ pLa ~ pL/a",
        "\\P{Han}+ ~ a\u6f22 ~ a/\u6f22",
        "\\p{^Han}+ ~ a\u6f22 ~ a/\u6f22",
        "\\P{^L}+ ~ ab1 ~ ab/1",
        "\\p{XDigit}+ ~ 0f\uff11\u0663 ~ 0f\uff11/\u0663"})
    void escapesMeanWhatTheyMeanToTheLibrary(String expression, String text, String pieces) {
        assertPieces(expression, text, pieces);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '~', quoteCharacter = '`', value = {
        "\\p{N}{1,3}+ ~ 1234567 12 ~ `1234567/ /12`",
        "(?:ab){1,2}+c ~ ababababc ~ ababababc",
        "[[:alpha:]]{2}+ ~ abcde ~ abcd/e",
        "x(a|[(b])\\({1,2}+ ~ xa(((c ~ xa(((/c",
        "\\p{Lu}{2}?b ~ ABb ~ ABb",
        "(?m:a.b) ~ xa\\nbx ~ x/a\\nb/x",
        "(?i-m:a.) ~ A\\nab ~ A\\n/ab",
        "(?mi)a. ~ A\\nab ~ A\\n/ab",
        "[]a]+ ~ a]b ~ a]/b",
        "[^]a]+ ~ a]b ~ a]/b"})
    void repetitionsOptionsAndBracketsAreReadAsTheLibraryDoes(String expression, String text, String pieces) {
        assertPieces(expression, text, pieces);
    }

    @Test
    void aRepeatedCharacterMayTakeTwoUnits() {
        assertPieces("\ud83d\ude00{1,2}+", "\ud83d\ude00\ud83d\ude00\ud83d\ude00a", "\ud83d\ude00\ud83d\ude00\ud83d\ude00/a");
    }

    @Test
    void aMatchOfNothingDoesNotPartTheUnitsOfACharacter() {
        assertPieces("x*", "\ud83d\ude00xx\ud83d\ude00a", "\ud83d\ude00/xx/\ud83d\ude00/a");
    }

    @Test
    void aClassThatIsNoneIsRefused() {
        JsonText json = new JsonText(Path.of("tokenizer.json"), "pre_tokenizer.pattern",
                JsonNodeFactory.instance.objectNode().put("Regex", "a[[:foo:]]"));
        String message = assertThrows(ModelFormatException.class, json::pattern).getMessage();
        assertTrue(message.contains("pre_tokenizer.pattern") && message.contains("there is no class [:foo:] in brackets near "
                + "index 2"), message);
    }

    /** Steps without a pattern are the library's own, in Rust, whose words have joiners and no small numbers. */
    @Test
    void wordsBetweenWhitespaceKeepTheirJoiners() throws ModelFormatException {
        JsonText json = new JsonText(Path.of("tokenizer.json"), "pre_tokenizer",
                JsonNodeFactory.instance.objectNode().put("type", "Whitespace"));
        List<String> cut = new ArrayList<>();
        JsonPreTokenizers.read(json).cut("a\u200db\u00b2 c", true, cut::add);
        assertEquals(List.of("a\u200db", "\u00b2", "c"), cut);
    }
}
