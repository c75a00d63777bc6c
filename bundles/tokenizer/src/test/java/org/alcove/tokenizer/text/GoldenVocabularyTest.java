package org.alcove.tokenizer.text;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.alcove.api.conversation.PromptPiece;
import org.alcove.tokenizer.Tokenizer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GoldenVocabularyTest {

    @ParameterizedTest
    @ValueSource(strings = {"llama-spm", "gpt-2", "starcoder"})
    void everyCaseGivesThePublishedIds(String name) throws IOException {
        SharedVocabulary vocabulary = SharedVocabulary.open(name);
        Tokenizer tokenizer = new ModelTokenizers().open(vocabulary.model());
        List<SharedVocabulary.Case> cases = vocabulary.cases();
        assertEquals(46, cases.size());
        for (SharedVocabulary.Case example : cases) {
            assertArrayEquals(example.ids(), tokenizer.encode(example.text()), () -> "text: " + example.text());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"llama-spm", "gpt-2", "starcoder"})
    void everyCaseComesBackFromItsIds(String name) throws IOException {
        SharedVocabulary vocabulary = SharedVocabulary.open(name);
        Tokenizer tokenizer = new ModelTokenizers().open(vocabulary.model());
        for (SharedVocabulary.Case example : vocabulary.cases()) {
            assertEquals(example.text(), tokenizer.decode(tokenizer.encode(example.text())));
        }
    }

    @Test
    void theTinyModelBeginsAndEndsWithItsTokens() throws IOException {
        Tokenizer tokenizer = new ModelTokenizers().open(
                SharedVocabulary.read(Path.of("models", "stories260K", "stories260K.gguf")));
        assertEquals(512, tokenizer.size());
        assertArrayEquals(new int[] {1, 403, 407, 261, 378}, tokenizer.encode(
                List.of(PromptPiece.content("Once upon a time")), true));
        assertEquals(java.util.Set.of(2), tokenizer.endIds());
        assertEquals(List.of("<unk>", "<s>", "</s>"), tokenizer.controlTokens());
    }
}
