package org.alcove.openai;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.alcove.api.worker.TokenProbability;

/**
 * Where tokens stand in the text of a choice, in code points. Through an echoed prompt the tokens are laid along its bytes, since
 * some have none there (a beginning-of-sequence token), a leading space more, or others, where the tokenizer normalizes: such a
 * token stands where the one before it ends, and the next that is found steps over what it stood for. The answer begins where the
 * prompt ends. The bytes become characters as they do in the text: what is malformed counts as the U+FFFD that is shown for it.
 */
final class TextOffsets {

    private static final byte[] NONE = {};
    private static final int LONGEST_CHARACTER = 4;
    /** Normalizing makes of one byte of a token at most so many of the text: three letters of Korean are one syllable. */
    private static final int MOST_NORMALIZED = 3;
    /** Whoever sends a text of which no token is found shall not have all of it searched for each. */
    private static final int LONGEST_STEP = 4096;

    private final byte[] prompt;
    private final boolean spelled;
    /** Tokens of the prompt that are still to come. */
    private int promptTokens;
    /** Bytes of the tokens before this one that were not found in the prompt. */
    private int astray;
    private final CharsetDecoder utf8 = StandardCharsets.UTF_8.newDecoder()
            .onMalformedInput(CodingErrorAction.REPLACE).onUnmappableCharacter(CodingErrorAction.REPLACE);
    /** A character that is not whole yet. */
    private final ByteBuffer held = ByteBuffer.allocate(LONGEST_CHARACTER);
    /** What becomes of one more byte: a character and the sign for broken ones before it. */
    private final CharBuffer whole = CharBuffer.allocate(LONGEST_CHARACTER);
    private int promptBytes;
    private int characters;

    /**
     * Places in a text that begins with a prompt.
     *
     * @param prompt bytes of the echoed prompt, or none
     * @param promptTokens the first so many tokens are the prompt's
     * @param spelled whether the prompt's control tokens are spelled in it, as where it was given by ids
     */
    TextOffsets(byte[] prompt, int promptTokens, boolean spelled) {
        this.prompt = prompt.clone();
        this.promptTokens = promptTokens;
        this.spelled = spelled;
    }

    /** Place of the next token. One that begins inside a character stands where the character does. */
    int next(TokenProbability token) {
        boolean inPrompt = promptTokens > 0;
        byte[] bytes = token.control() && !(inPrompt && spelled) ? NONE : token.bytes();
        byte[] visible = inPrompt ? visible(bytes) : bytes;
        int place = characters;
        for (int i = 0; i < visible.length; i++) {
            take(visible[i]);
            if (i == 0) {
                place = characters - (held.position() > 0 ? 0 : 1);
            }
        }
        if (inPrompt) {
            promptBytes += visible.length;
            promptTokens--;
            if (promptTokens == 0) {
                endPrompt();
            }
        }
        return place;
    }

    private void endPrompt() {
        stepTo(prompt.length);
        if (held.position() > 0) {
            // Its text ends with the sign for a broken character, and the answer's begins anew.
            held.clear();
            characters++;
        }
    }

    private void stepTo(int place) {
        while (promptBytes < place) {
            take(prompt[promptBytes++]);
        }
    }

    private void take(byte next) {
        utf8.decode(held.put(next).flip(), whole.clear(), false);
        held.compact();
        characters += Character.codePointCount(whole.flip(), 0, whole.length());
    }

    /** What of a token is in the prompt, after stepping over what those before it stood for. */
    private byte[] visible(byte[] token) {
        int furthest = Math.min(promptBytes + Math.min(MOST_NORMALIZED * astray, LONGEST_STEP), prompt.length);
        for (int place = promptBytes; token.length > 0 && place <= furthest; place++) {
            if (stands(token, place)) {
                stepTo(place);
                astray = 0;
                return token;
            }
        }
        if (token.length > 1 && token[0] == ' ' && stands(unspaced(token), promptBytes)) {
            astray = 0;
            return unspaced(token);
        }
        astray += token.length;
        return NONE;
    }

    private static byte[] unspaced(byte[] token) {
        return Arrays.copyOfRange(token, 1, token.length);
    }

    private boolean stands(byte[] bytes, int place) {
        int end = place + bytes.length;
        return end <= prompt.length && Arrays.equals(prompt, place, end, bytes, 0, bytes.length);
    }
}
