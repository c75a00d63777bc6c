package org.alcove.tokenizer.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Random;
import org.alcove.tokenizer.Tokenizer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StreamingTest {

    private static Tokenizer open(String name) throws IOException {
        return new ModelTokenizers().open(SharedVocabulary.open(name).model());
    }

    private static String stream(Tokenizer tokenizer, int[] ids) {
        Tokenizer.StreamDecoder decoder = tokenizer.decoder();
        StringBuilder text = new StringBuilder();
        for (int id : ids) {
            String piece = decoder.next(id);
            assertFalse(!piece.isEmpty() && Character.isHighSurrogate(piece.charAt(piece.length() - 1)), "half a character");
            text.append(piece);
        }
        return text.append(decoder.finish()).toString();
    }

    @ParameterizedTest
    @ValueSource(strings = {"llama-spm", "gpt-2", "starcoder"})
    void whatStreamsIsWhatTheWholeDecodesTo(String name) throws IOException {
        Tokenizer tokenizer = open(name);
        Random random = new Random(11);
        for (int round = 0; round < 3000; round++) {
            int[] ids = new int[random.nextInt(12)];
            for (int i = 0; i < ids.length; i++) {
                // Bytes of characters stand at the beginning of these vocabularies: take many, most of them malformed.
                ids[i] = random.nextInt(random.nextBoolean() ? 300 : tokenizer.size());
            }
            String streamed = stream(tokenizer, ids);
            boolean dropped = name.equals("llama-spm") && streamed.startsWith(" ");
            assertEquals(tokenizer.decode(ids), dropped ? streamed.substring(1) : streamed);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"llama-spm", "gpt-2", "starcoder"})
    void aCharacterOfManyTokensComesInOnePiece(String name) throws IOException {
        Tokenizer tokenizer = open(name);
        int[] ids = tokenizer.encode("\uD83E\uDD99");
        Tokenizer.StreamDecoder decoder = tokenizer.decoder();
        StringBuilder pieces = new StringBuilder();
        for (int id : ids) {
            pieces.append('[').append(decoder.next(id).replace(" ", "")).append(']');
        }
        assertTrue(pieces.toString().replace("[]", "").equals("[\uD83E\uDD99]"), pieces::toString);
        assertEquals("", decoder.finish());
    }

    @Test
    void anAnswerKeepsTheSpaceBetweenItAndThePrompt() throws IOException {
        Tokenizer tokenizer = open("llama-spm");
        int[] ids = tokenizer.encode("Hello world");
        assertEquals(" Hello world", stream(tokenizer, ids));
        assertEquals("Hello world", tokenizer.decode(ids));
    }

    @Test
    void aCharacterThatNeverEndsIsReplaced() throws IOException {
        Tokenizer tokenizer = open("llama-spm");
        // Byte tokens begin at id 3: F0 9F, then an A.
        Tokenizer.StreamDecoder decoder = tokenizer.decoder();
        assertEquals("", decoder.next(3 + 0xF0));
        assertEquals("", decoder.next(3 + 0x9F));
        assertEquals("\uFFFDA", decoder.next(3 + 'A'));
        assertEquals("", decoder.next(3 + 0xF0));
        assertEquals("\uFFFD", decoder.finish());
    }

    @Test
    void anIdOutOfRangeIsNamed() throws IOException {
        Tokenizer tokenizer = open("gpt-2");
        for (int id : new int[] {-1, 50257, Integer.MAX_VALUE}) {
            String message = assertThrows(IllegalArgumentException.class, () -> tokenizer.decode(new int[] {id})).getMessage();
            assertTrue(message.contains(Integer.toString(id)) && message.contains("50256"), message);
            assertThrows(IllegalArgumentException.class, () -> tokenizer.decoder().next(id));
            assertThrows(IllegalArgumentException.class, () -> tokenizer.bytes(id));
        }
    }
}
