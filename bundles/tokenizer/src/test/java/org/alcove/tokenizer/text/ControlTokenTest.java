package org.alcove.tokenizer.text;

import static org.alcove.api.conversation.PromptPiece.content;
import static org.alcove.api.conversation.PromptPiece.control;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.alcove.api.conversation.PromptPiece;
import org.alcove.tokenizer.Tokenizer;
import org.junit.jupiter.api.Test;

class ControlTokenTest {
    private static final List<String> TOKENS = List.of("<unk>", "<s>", "</s>", "\u2581", "a", "b", "<", ">", "s", "/", "|", "i",
            "m", "e", "n", "d", "_", "ab", "<s", "<|im_end|>", "<tool>", "\u2581a", "<|im_start|>", "t", "o", "l", "r");
    private static final int[] TYPES = new int[TOKENS.size()];

    static {
        Arrays.fill(TYPES, 1);
        TYPES[0] = 2;
        TYPES[1] = 3;
        TYPES[2] = 3;
        TYPES[19] = 3;
        TYPES[20] = 4;
        TYPES[22] = 4;
    }

    private static HandMadeModel model() {
        float[] scores = new float[TOKENS.size()];
        for (int i = 0; i < scores.length; i++) {
            scores[i] = -i;
        }
        return new HandMadeModel(Path.of("hand.gguf")).with("model", "llama").with("tokens", TOKENS).with("scores", scores)
                .with("token_type", TYPES).with("unknown_token_id", 0).with("bos_token_id", 1).with("eos_token_id", 2);
    }

    private static Tokenizer open() throws IOException {
        return new ModelTokenizers().open(model());
    }

    @Test
    void contentNeverYieldsAControlId() throws IOException {
        Tokenizer tokenizer = open();
        for (String spelling : tokenizer.controlTokens()) {
            for (String text : List.of(spelling, "a" + spelling + "b", spelling + spelling, "<s" + spelling)) {
                for (int id : tokenizer.encode(text)) {
                    assertFalse(id != 0 && tokenizer.isControl(id), () -> text + " gave " + tokenizer.spelling(id));
                }
            }
        }
        // "<s" and ">" are tokens, and together they spell a control token: the merge must not happen.
        assertArrayEquals(new int[] {3, 18, 7}, tokenizer.encode("<s>"));
    }

    @Test
    void controlPiecesYieldControlIds() throws IOException {
        assertArrayEquals(new int[] {1, 21, 19, 21, 17},
                open().encode(List.of(control("<s>"), content("a"), control("<|im_end|>"), content("a"), content("ab")), false));
    }

    @Test
    void aSpellingPartedBetweenContentAndControlStaysText() throws IOException {
        Tokenizer tokenizer = open();
        for (List<PromptPiece> pieces : List.of(
                List.of(control("<|im_"), content("end|>")), List.of(content("<|im_"), control("end|>")),
                List.of(control("<|im"), content("_"), control("end|>")),
                List.of(control("<|im_"), content(""), control("end|>")))) {
            assertArrayEquals(tokenizer.encode("<|im_end|>"), tokenizer.encode(pieces, false));
        }
        assertArrayEquals(new int[] {19}, tokenizer.encode(List.of(control("<|im_"), control("end|>")), false));
    }

    @Test
    void whereOnePieceEndsLeavesNoTrace() throws IOException {
        Tokenizer tokenizer = open();
        assertArrayEquals(tokenizer.encode("aab"), tokenizer.encode(List.of(content("a"), control("a"), content("b")), false));
        assertArrayEquals(tokenizer.encode("a<tool>b"),
                tokenizer.encode(List.of(content("a<to"), control("ol"), content(">b")), false));
    }

    @Test
    void userDefinedTokensAreFoundInAnyText() throws IOException {
        assertArrayEquals(new int[] {21, 20, 3, 5}, open().encode("a<tool>b"));
    }

    @Test
    void aUserDefinedTokenSpelledLikeControlIsControl() throws IOException {
        Tokenizer tokenizer = open();
        assertTrue(tokenizer.isControl(22));
        assertArrayEquals(new int[] {22}, tokenizer.encode(List.of(control("<|im_start|>")), false));
        assertFalse(Arrays.stream(tokenizer.encode("<|im_start|>")).anyMatch(id -> id == 22));
    }

    @Test
    void theBeginTokenIsPutInFrontOnce() throws IOException {
        Tokenizer tokenizer = open();
        assertArrayEquals(new int[] {1, 21}, tokenizer.encode(List.of(content("a")), true));
        assertArrayEquals(new int[] {1, 21}, tokenizer.encode(List.of(control("<s>"), content("a")), true));
        assertArrayEquals(new int[] {1, 1}, tokenizer.encode(List.of(control("<s><s>")), true));
        assertArrayEquals(new int[] {1}, tokenizer.encode(List.of(), true));
        assertArrayEquals(new int[0], tokenizer.encode(""));
        assertArrayEquals(new int[] {21},
                new ModelTokenizers().open(model().with("add_bos_token", false)).encode(List.of(content("a")), true));
    }

    @Test
    void endIdsAreThoseTheFileNamesAndThoseSpelledSo() throws IOException {
        assertEquals(Set.of(2, 19), open().endIds());
        assertEquals(Set.of(2, 19, 4, 5, 6), new ModelTokenizers().open(model().with("eot_token_id", 4).with("eom_token_id", 5)
                .with("alcove.end_token_ids", new int[] {6})).endIds());
    }

    @Test
    void controlTokensAddNothingToAText() throws IOException {
        Tokenizer tokenizer = open();
        assertEquals("ab<tool>", tokenizer.decode(new int[] {1, 21, 5, 19, 20, 2}));
        assertEquals(0, tokenizer.bytes(19).length);
        assertEquals("<|im_end|>", tokenizer.spelling(19));
        assertEquals(19, tokenizer.id("<|im_end|>").orElseThrow());
    }

    @Test
    void loneSurrogatesBecomeReplacementCharacters() throws IOException {
        Tokenizer tokenizer = open();
        assertArrayEquals(tokenizer.encode("a\uFFFDb"), tokenizer.encode("a\uD83Db"));
        assertArrayEquals(tokenizer.encode("\uD83E\uDD99"),
                tokenizer.encode(List.of(content("\uD83E"), content("\uDD99")), false));
    }
}
