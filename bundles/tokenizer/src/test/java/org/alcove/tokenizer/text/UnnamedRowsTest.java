package org.alcove.tokenizer.text;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import org.alcove.tokenizer.Tokenizer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models whose embedding has more rows than their files name tokens, as published ones do to have a round number. */
class UnnamedRowsTest {
    private static final String TEXT = "A cat.";

    @TempDir
    private Path folder;

    private static JsonNode golden(String name) throws IOException {
        try (InputStream in = UnnamedRowsTest.class.getResourceAsStream("/golden/" + name + ".json")) {
            return new ObjectMapper().readTree(in);
        }
    }

    @Test
    void aTokenizerJsonIsFilledUp() throws IOException {
        new ObjectMapper().writeValue(folder.resolve("tokenizer.json").toFile(), golden("qwen2").get("tokenizer"));
        isFilledUp(new HandMadeModel(folder));
    }

    @Test
    void aSentencePieceModelIsFilledUp() throws IOException {
        Files.write(folder.resolve("tokenizer.model"),
                Base64.getDecoder().decode(golden("sentencepiece").get("model").textValue()));
        isFilledUp(new HandMadeModel(folder));
    }

    @Test
    void keysOfAFileAreFilledUp() throws IOException {
        isFilledUp(new HandMadeModel(folder.resolve("hand.gguf")).with("model", "llama")
                .with("tokens", List.of("<unk>", "<s>", "</s>", "A", "c", "a", "t", ".", TokenBytes.SPACE_MARK))
                .with("scores", new float[9]).with("token_type", new int[] {2, 3, 3, 1, 1, 1, 1, 1, 1})
                .with("unknown_token_id", 0));
    }

    /** A sampler may choose any row: whoever reads the answer must not stumble over it. */
    private static void isFilledUp(HandMadeModel model) throws IOException {
        Tokenizer plain = new ModelTokenizers().open(model);
        int named = plain.size();
        int[] ids = plain.encode(TEXT);
        Tokenizer filled = new ModelTokenizers().open(model.withRows(named + 3));
        assertEquals(named + 3, filled.size());
        assertArrayEquals(ids, filled.encode(TEXT));
        Tokenizer.StreamDecoder decoder = filled.decoder();
        for (int id = named; id < named + 3; id++) {
            assertEquals("", decoder.next(id));
            assertEquals(0, filled.bytes(id).length);
            assertFalse(filled.isControl(id));
            assertEquals("", filled.spelling(id));
        }
        assertThrows(IllegalArgumentException.class, () -> filled.bytes(named + 3));
        assertEquals(named, new ModelTokenizers().open(model.withRows(named - 1)).size(), "no token is lost");
    }
}
