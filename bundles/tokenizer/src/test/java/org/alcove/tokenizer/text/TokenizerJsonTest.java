package org.alcove.tokenizer.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.alcove.api.conversation.PromptPiece;
import org.alcove.tokenizer.Tokenizer;
import org.alcove.weights.ModelFormatException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Small tokenizers and the ids the library of that format gives; {@code golden/make_golden.py} regenerates them. */
class TokenizerJsonTest {
    @TempDir
    private Path folder;

    private static JsonNode golden(String name) throws IOException {
        try (InputStream in = TokenizerJsonTest.class.getResourceAsStream("/golden/" + name + ".json")) {
            assertNotNull(in, name);
            return new ObjectMapper().readTree(in);
        }
    }

    private Tokenizer open(JsonNode golden) throws IOException {
        new ObjectMapper().writeValue(folder.resolve("tokenizer.json").toFile(), golden.get("tokenizer"));
        return new ModelTokenizers().open(new HandMadeModel(folder));
    }

    private static int[] ids(JsonNode array) {
        int[] ids = new int[array.size()];
        Arrays.setAll(ids, i -> array.get(i).intValue());
        return ids;
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpt2", "prefix-space", "llama3", "qwen2", "tekken", "starcoder", "falcon", "deepseek3",
        "deepseek-llm-like", "odd-splits", "llama2-legacy", "metaspace-first", "metaspace-split", "gemma-like"})
    void everyTextGivesTheIdsAndTheTextOfTheLibrary(String name) throws IOException {
        JsonNode golden = golden(name);
        Tokenizer tokenizer = open(golden);
        assertTrue(golden.get("cases").size() > 100);
        for (JsonNode example : golden.get("cases")) {
            String text = example.get("text").textValue();
            int[] expected = ids(example.get("ids"));
            String shown = new ObjectMapper().writeValueAsString(text);
            assertEquals(Arrays.toString(expected),
                    Arrays.toString(tokenizer.encode(List.of(PromptPiece.control(text)), false)), () -> "ids of " + shown);
            assertEquals(example.get("decoded").textValue(), tokenizer.decode(expected), () -> "text of " + shown);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"sentencepiece", "sentencepiece-no-prefix"})
    void aSentencePieceModelGivesTheIdsAndTheTextOfItsLibrary(String name) throws IOException {
        JsonNode golden = golden(name);
        Files.write(folder.resolve("tokenizer.model"), Base64.getDecoder().decode(golden.get("model").textValue()));
        Tokenizer tokenizer = new ModelTokenizers().open(new HandMadeModel(folder));
        for (JsonNode example : golden.get("cases")) {
            String text = example.get("text").textValue();
            assertEquals(Arrays.toString(ids(example.get("ids"))), Arrays.toString(tokenizer.encode(text)), text);
            assertEquals(example.get("decoded").textValue(), tokenizer.decode(tokenizer.encode(text)));
        }
        assertEquals(List.of("<unk>", "<s>", "</s>", "<|end|>"), tokenizer.controlTokens());
        assertEquals(1, tokenizer.beginId().orElseThrow());
    }

    @Test
    void aSentencePieceModelCutShortIsNamed() throws IOException {
        byte[] whole = Base64.getDecoder().decode(golden("sentencepiece").get("model").textValue());
        for (int length : new int[] {0, 1, 7, 1000, whole.length - 3}) {
            Files.write(folder.resolve("tokenizer.model"), Arrays.copyOf(whole, length));
            String message = assertThrows(ModelFormatException.class,
                    () -> new ModelTokenizers().open(new HandMadeModel(folder))).getMessage();
            assertTrue(message.contains("tokenizer.model"), message);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpt2", "llama2-legacy"})
    void theTemplateOfThePostProcessorPutsTheBeginTokenInFront(String name) throws IOException {
        Tokenizer tokenizer = open(golden(name));
        int begin = tokenizer.id("<s>").orElseThrow();
        assertEquals(begin, tokenizer.beginId().orElseThrow());
        assertEquals(begin, tokenizer.encode(List.of(PromptPiece.content("cat")), true)[0]);
        Files.writeString(folder.resolve("tokenizer_config.json"),
                "{\"add_bos_token\": false, \"eos_token\": {\"content\": \"</s>\"}}");
        Tokenizer configured = new ModelTokenizers().open(new HandMadeModel(folder));
        assertTrue(configured.encode(List.of(PromptPiece.content("cat")), true)[0] != begin);
        assertTrue(configured.endIds().contains(tokenizer.id("</s>").orElseThrow()));
    }
}
