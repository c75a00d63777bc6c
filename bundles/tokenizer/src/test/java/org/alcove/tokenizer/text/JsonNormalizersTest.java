package org.alcove.tokenizer.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import org.alcove.weights.ModelFormatException;
import org.junit.jupiter.api.Test;

class JsonNormalizersTest {

    private static Normalizer normalizer(ObjectNode json) throws ModelFormatException {
        return JsonNormalizers.read(new JsonText(Path.of("tokenizer.json"), "normalizer", json));
    }

    /** Marks of all three kinds: those without a width, those with one, those that enclose. */
    @Test
    void accentsAreAllMarks() throws ModelFormatException {
        Normalizer accents = normalizer(JsonNodeFactory.instance.objectNode().put("type", "StripAccents"));
        assertEquals("abcdf", accents.apply("a\u0301b\u0903c\u20ddd\u093ef\u0488"));
    }

    @Test
    void aPatternThatNeedsTooMuchStackFailsWithASentence() throws ModelFormatException {
        ObjectNode replace = JsonNodeFactory.instance.objectNode().put("type", "Replace").put("content", "x");
        replace.putObject("pattern").put("Regex", "(a|b)+");
        Normalizer hostile = normalizer(replace);
        assertEquals("xc", hostile.apply("abc"));
        String message = assertThrows(IllegalArgumentException.class, () -> hostile.apply("ab".repeat(1_000_000))).getMessage();
        assertTrue(message.contains("too much stack for a text of 2000000 characters"), message);
    }
}
