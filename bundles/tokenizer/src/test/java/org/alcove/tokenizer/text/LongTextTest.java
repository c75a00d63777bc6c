package org.alcove.tokenizer.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.alcove.tokenizer.Tokenizer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A million characters of anything end soon and come back whole: nothing is quadratic, nothing recurses per character. */
class LongTextTest {
    private static final int LENGTH = 1_000_000;
    /** What is quadratic takes hours. */
    private static final Duration LIMIT = Duration.ofSeconds(180);
    private static final List<String> UNITS = List.of(" ", "a", "7", "\uD83E\uDD99", "\n", "!\uD83E\uDD99", "\u4f60", " a", "'s",
            "\u0301", "aA", " \n", "a.");

    @ParameterizedTest
    @ValueSource(strings = {"llama-spm", "gpt-2", "starcoder"})
    void aMillionCharactersEndSoon(String name) throws IOException {
        Tokenizer tokenizer = new ModelTokenizers().open(SharedVocabulary.open(name).model());
        for (String unit : UNITS) {
            // The four simplest texts at full length, the others a tenth of it.
            String text = unit.repeat((UNITS.indexOf(unit) < 4 ? LENGTH : LENGTH / 10) / unit.length());
            int[] ids = assertTimeoutPreemptively(LIMIT, () -> tokenizer.encode(text), "unit '" + unit + "'");
            assertEquals(text, tokenizer.decode(ids));
        }
    }

    @Test
    void everyFamilyCutsAMillionCharactersWithoutDeepRecursion() {
        PreTokenizerFamilies families = new PreTokenizerFamilies();
        for (String name : List.of("gpt-2", "default", "llama-bpe", "qwen35", "bailingmoe", "seed-coder", "starcoder", "falcon",
                "deepseek-llm", "deepseek-coder", "deepseek-v3", "bloom", "gpt-4o", "tekken")) {
            PreTokenizer words = families.family(name).orElseThrow().words();
            for (String unit : List.of(" ", "7", "!\uD83E\uDD99", "\u0301A")) {
                String text = unit.repeat(50_000 / unit.length()) + (unit.equals("7") ? "x" : "7");
                List<String> cut = new ArrayList<>();
                assertTimeoutPreemptively(LIMIT, () -> words.cut(text, true, cut::add), name);
                assertTrue(!cut.isEmpty());
            }
        }
    }

    @Test
    void aPatternThatBacktracksWithoutEndFailsWithASentence() {
        PatternSplit hostile = PatternSplit.isolating("(a+)+$x|(?:a|aa)+y");
        String text = "a".repeat(5000) + "b";
        String message = assertTimeoutPreemptively(LIMIT, () -> assertThrows(IllegalArgumentException.class,
                () -> hostile.cut(text, true, word -> { }))).getMessage();
        assertTrue(message.contains("5001"), message);
    }
}
