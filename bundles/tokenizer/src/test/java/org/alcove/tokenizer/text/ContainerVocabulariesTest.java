package org.alcove.tokenizer.text;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.alcove.api.conversation.PromptPiece;
import org.alcove.tokenizer.Tokenizer;
import org.alcove.weights.ModelFile;
import org.alcove.weights.ModelFormatException;
import org.alcove.weights.VocabularyConverter;
import org.alcove.weights.VocabularyConverter.GgufVocabulary;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ContainerVocabulariesTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final VocabularyConverter converter = new ContainerVocabularies();
    @TempDir
    private Path folder;

    private HandMadeModel folderOf(ModelFile model) throws IOException {
        for (Map.Entry<String, byte[]> file : converter.folderFiles(model).entrySet()) {
            Files.write(folder.resolve(file.getKey()), file.getValue());
        }
        return new HandMadeModel(folder);
    }

    private static HandMadeModel gguf(GgufVocabulary vocabulary) {
        HandMadeModel model = new HandMadeModel(Path.of("made.gguf")).with("model", vocabulary.model())
                .with("tokens", vocabulary.tokens()).with("token_type", vocabulary.kinds()).with("merges", vocabulary.merges())
                .with("scores", vocabulary.scores());
        vocabulary.pre().ifPresent(pre -> model.with("pre", pre));
        vocabulary.ids().forEach(model::with);
        vocabulary.flags().forEach(model::with);
        return model;
    }

    private static void same(Tokenizer expected, Tokenizer actual, List<String> texts) {
        for (String text : texts) {
            assertArrayEquals(expected.encode(text), actual.encode(text), () -> "text: " + text);
            List<PromptPiece> pieces = List.of(PromptPiece.content(text));
            assertArrayEquals(expected.encode(pieces, true), actual.encode(pieces, true), () -> "with begin: " + text);
            assertEquals(expected.decode(expected.encode(text)), actual.decode(expected.encode(text)));
        }
        assertEquals(expected.beginId(), actual.beginId());
        assertEquals(expected.endIds(), actual.endIds());
        assertEquals(expected.controlTokens(), actual.controlTokens());
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpt-2", "llama-spm", "starcoder"})
    void aVocabularyGivesTheSameIdsAsAFolderAndAsGgufAgain(String name) throws IOException {
        SharedVocabulary shared = SharedVocabulary.open(name);
        Tokenizer before = new ModelTokenizers().open(shared.model());
        List<String> texts = new ArrayList<>();
        for (SharedVocabulary.Case example : shared.cases()) {
            texts.add(example.text());
        }
        HandMadeModel written = folderOf(shared.model());
        Tokenizer inFolder = new ModelTokenizers().open(written);
        for (SharedVocabulary.Case example : shared.cases()) {
            assertArrayEquals(example.ids(), inFolder.encode(example.text()), () -> "text: " + example.text());
        }
        same(before, inFolder, texts);
        GgufVocabulary again = converter.ggufKeys(written, before.size() + 3);
        assertEquals(before.size() + 3, again.tokens().size());
        assertEquals(shared.model().texts("tokenizer.ggml.tokens"), again.tokens().subList(0, before.size()));
        assertEquals(5, again.kinds()[before.size()]);
        same(before, new ModelTokenizers().open(gguf(again)), texts);
    }

    @Test
    void theSmallModelKeepsItsIds() throws IOException {
        ModelFile model = SharedVocabulary.read(Path.of("models", "stories260K", "stories260K.gguf"));
        List<String> texts =
                List.of("Once upon a time, there was a little girl.", "", " ", "  two  spaces ", "\u00e9\ud83d\ude00\n");
        HandMadeModel written = folderOf(model);
        same(new ModelTokenizers().open(model), new ModelTokenizers().open(written), texts);
        same(new ModelTokenizers().open(model), new ModelTokenizers().open(gguf(converter.ggufKeys(written, 512))), texts);
    }

    @Test
    void templatesAndTheBeginTokenAreInTheConfiguration() throws IOException {
        SharedVocabulary shared = SharedVocabulary.open("llama-spm");
        HandMadeModel model = HandMadeModel.like(shared.model()).with("tokenizer.chat_template", "T {{ messages }}")
                .with("tokenizer.chat_template.tool_use", "U").with("llama.context_length", 4096)
                .with("general.architecture", "llama");
        var config = JSON.readTree(converter.folderFiles(model).get("tokenizer_config.json"));
        assertEquals("<s>", config.path("bos_token").textValue());
        assertEquals("</s>", config.path("eos_token").textValue());
        assertTrue(config.path("add_bos_token").booleanValue());
        assertEquals(4096, config.path("model_max_length").intValue());
        assertEquals("T {{ messages }}", config.at("/chat_template/0/template").textValue());
        assertEquals("tool_use", config.at("/chat_template/1/name").textValue());
    }

    private ObjectNode small(String preTokenizer) throws IOException {
        String text = """
                {"model": {"type": "BPE", "vocab": {"a": 0, "b": 1, "ab": 2, "c": 3, "abc": 4, "bc": 5},
                 "merges": [["a", "b"], ["ab", "c"]]}, "pre_tokenizer": %s}""";
        return (ObjectNode) JSON.readTree(text.formatted(preTokenizer));
    }

    private String refusal(ObjectNode root, int rows) throws IOException {
        JSON.writeValue(folder.resolve("tokenizer.json").toFile(), root);
        return assertThrows(ModelFormatException.class, () -> converter.ggufKeys(new HandMadeModel(folder), rows)).getMessage();
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', quoteCharacter = '`', textBlock = """
            {'type': 'ByteLevel'};                             puts a space in front
            {'type': 'Whitespace'}, BYTES;                     is a step that GGUF cannot say
            {'type': 'Split', 'pattern': {'Regex': 'x'}}, BYTES; cuts words in a way that GGUF has no name for
            {'type': 'Whitespace'};                            is neither a byte-level BPE nor one with byte_fallback
            """)
    void whatGgufCannotSayIsRefused(String steps, String reason) throws IOException {
        String all = steps.replace("BYTES", "{'type': 'ByteLevel', 'add_prefix_space': false, 'use_regex': false}");
        String message = refusal(small(("{'type': 'Sequence', 'pretokenizers': [" + all + "]}").replace('\'', '"')), 6);
        assertTrue(message.contains(reason), message);
    }

    @Test
    void mergesThatDoNotComeFromScoresAreRefused() throws IOException {
        ObjectNode root = small("{\"type\": \"Metaspace\", \"split\": false}");
        ((ObjectNode) root.get("model")).put("byte_fallback", true);
        String message = refusal(root, 6);
        assertTrue(message.contains("the list lacks the merge of 'a' and 'bc'"), message);
    }

    @Test
    void moreTokensThanRowsAreRefused() throws IOException {
        String message = refusal(small("{\"type\": \"ByteLevel\", \"add_prefix_space\": false}"), 5);
        assertTrue(message.contains("6 ids, but the embedding has 5 rows"), message);
    }
}
