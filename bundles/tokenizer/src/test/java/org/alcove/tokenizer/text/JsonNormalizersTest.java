package org.alcove.tokenizer.text;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.nio.file.Path;
import org.alcove.weights.ModelFormatException;
import org.junit.jupiter.api.Test;

class JsonNormalizersTest {

    /** Marks of all three kinds: those without a width, those with one, those that enclose. */
    @Test
    void accentsAreAllMarks() throws ModelFormatException {
        JsonText json = new JsonText(Path.of("tokenizer.json"), "normalizer",
                JsonNodeFactory.instance.objectNode().put("type", "StripAccents"));
        assertEquals("abcdf", JsonNormalizers.read(json).apply("a\u0301b\u0903c\u20ddd\u093ef\u0488"));
    }
}
