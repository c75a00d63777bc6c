package org.alcove.openai;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Where tokens stand in the text of a choice, in code points. Through an echoed prompt the tokens are laid along its bytes, since
 * some have none there (a beginning-of-sequence token) or a leading space more. The bytes become characters as they do in the
 * text: what is malformed counts as the U+FFFD that is shown for it.
 */
final class TextOffsets {

    private static final byte[] NONE = {};
    private static final int LONGEST_CHARACTER = 4;

    private final byte[] prompt;
    private final CharsetDecoder utf8 = StandardCharsets.UTF_8.newDecoder()
            .onMalformedInput(CodingErrorAction.REPLACE).onUnmappableCharacter(CodingErrorAction.REPLACE);
    /** A character that is not whole yet. */
    private final ByteBuffer held = ByteBuffer.allocate(LONGEST_CHARACTER);
    /** What becomes of one more byte: a character and the sign for broken ones before it. */
    private final CharBuffer whole = CharBuffer.allocate(LONGEST_CHARACTER);
    private int promptBytes;
    private int characters;

    /** @param prompt bytes of the echoed prompt, or none */
    TextOffsets(byte[] prompt) {
        this.prompt = prompt.clone();
    }

    /** Place of the next token. One that begins inside a character stands where the character does. */
    int next(byte[] token) {
        boolean inPrompt = promptBytes < prompt.length;
        byte[] visible = inPrompt ? visible(token) : token;
        int place = characters;
        for (int i = 0; i < visible.length; i++) {
            take(visible[i]);
            if (i == 0) {
                place = characters - (held.position() > 0 ? 0 : 1);
            }
        }
        promptBytes += inPrompt ? visible.length : 0;
        if (inPrompt && promptBytes == prompt.length && held.position() > 0) {
            // Its text ends with the sign for a broken character, and the answer's begins anew.
            held.clear();
            characters++;
        }
        return place;
    }

    private void take(byte next) {
        utf8.decode(held.put(next).flip(), whole.clear(), false);
        held.compact();
        characters += Character.codePointCount(whole.flip(), 0, whole.length());
    }

    private byte[] visible(byte[] token) {
        if (stands(token)) {
            return token;
        }
        byte[] unspaced = token.length > 0 && token[0] == ' ' ? Arrays.copyOfRange(token, 1, token.length) : NONE;
        return stands(unspaced) ? unspaced : NONE;
    }

    private boolean stands(byte[] bytes) {
        int end = promptBytes + bytes.length;
        return end <= prompt.length && Arrays.equals(prompt, promptBytes, end, bytes, 0, bytes.length);
    }
}
