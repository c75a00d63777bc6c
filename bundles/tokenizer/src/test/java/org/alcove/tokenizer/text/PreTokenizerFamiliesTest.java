package org.alcove.tokenizer.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Expected words follow from the published patterns by reading them. */
class PreTokenizerFamiliesTest {

    private static String words(String family, String text) {
        List<String> words = new ArrayList<>();
        new PreTokenizerFamilies().family(family).orElseThrow().words().cut(text, true,
                word -> words.add(new String(ByteAlphabet.read(word), StandardCharsets.UTF_8)));
        assertEquals(text, String.join("", words));
        return String.join("|", words).replace("\n", "\\n").replace("\t", "\\t").replace("\r", "\\r");
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', quoteCharacter = '"', value = {
        // The contraction needs lower case; a run of spaces leaves its last one to the word.
        "gpt-2; we'll WE'LL; we|'ll| WE|'|LL",
        "gpt-2; a  b   c1234 x!?; a| | b|  | c|1234| x|!?",
        "llama-bpe; WE'LL don't; WE|'LL| don|'t",
        "llama-bpe; 1234567 (a) _b; 123|456|7| (|a|)| _|b",
        "llama-bpe; 'word x; 'word| x",
        "qwen2; 1234 a1; 1|2|3|4| a|1",
        "starcoder; a12 b 34; a|1|2| b| |3|4",
        "falcon; a+=1234567 x`y; a|+=|123|456|7| x|`|y",
        "deepseek-llm; a 12 bc\u4f60\u597dd!e; a| |12| bc|\u4f60\u597d|d|!|e",
        "deepseek-coder; x= 12\u4f60 y.z; x|= |1|2|\u4f60| y|.|z",
        "deepseek-v3; 1234 \u4f60\u306f a.b !c; 123|4| |\u4f60\u306f| a|.b| !|c",
        "tekken; HelloWorld ABCdef 12; Hello|World| ABCdef| |1|2",
        "gpt-4o; I'm HelloWorld's 1234; I'm| Hello|World's| |123|4",
        "default; a 1234 b.c; a| |123|4| b|.|c",
        "mpt; it's 42; it|'s| 42",
        "refact; v42; v|4|2",
        "gpt-neox; it's 42; it|'s| 42",
        "bloom; ab, cd (x; ab|,| cd| (|x",
    })
    void everyFamilyCutsAsItsPatternSays(String family, String text, String expected) {
        assertEquals(expected, words(family, text));
    }

    @Test
    void newlinesAndUnicodeSpacesAreWhitespace() {
        assertEquals("a|\\n\\n| b", words("gpt-2", "a\n\n b"));
        assertEquals("a|\\n|\\n|b", words("gpt-2", "a\n\nb"));
        assertEquals("a|!\\n\\n|b|  \\n|\\tc", words("llama-bpe", "a!\n\nb  \n\tc"));
        assertEquals("a|\u00a0|\u3000|b", words("gpt-2", "a\u00a0\u3000b"));
        assertEquals("a|\u00a0|\u3000b", words("llama-bpe", "a\u00a0\u3000b"));
        assertEquals("a|\\n| | b|  ", words("deepseek-llm", "a\n  b  "));
    }

    @Test
    void noNameIsGivenToTwoFamilies() {
        List<String> names = List.of(new PreTokenizerFamilies().names().split(", "));
        assertTrue(names.containsAll(List.of("gpt-2", "mpt", "olmo", "phi-2", "llama-bpe", "llama3", "dbrx", "smaug-bpe", "qwen2",
                "deepseek-r1-qwen", "stablelm2", "starcoder", "refact", "command-r", "smollm", "codeshell", "exaone",
                "deepseek-llm", "deepseek-coder", "deepseek-v3", "falcon", "default")));
        assertEquals(names.size(), names.stream().distinct().count());
    }
}
