package org.alcove.openai;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Where tokens stand in the text of a choice, in code points. Through an echoed prompt the tokens are laid along its text, since
 * some have none there (a beginning-of-sequence token) or a leading space more; after it their bytes are counted.
 */
final class TextOffsets {

    private final byte[] prompt;
    private int promptBytes;
    private int characters;

    /** @param prompt the echoed text, or empty */
    TextOffsets(String prompt) {
        this.prompt = prompt.getBytes(StandardCharsets.UTF_8);
    }

    /** Place of the next token. One that begins inside a character stands where the character does. */
    int next(byte[] token) {
        byte[] visible = visible(token);
        int place = characters - (visible.length > 0 && continues(visible[0]) && characters > 0 ? 1 : 0);
        promptBytes += promptBytes < prompt.length ? visible.length : 0;
        for (byte b : visible) {
            characters += continues(b) ? 0 : 1;
        }
        return place;
    }

    private byte[] visible(byte[] token) {
        if (promptBytes >= prompt.length || stands(token)) {
            return token;
        }
        byte[] unspaced = token.length > 0 && token[0] == ' ' ? Arrays.copyOfRange(token, 1, token.length) : new byte[0];
        return stands(unspaced) ? unspaced : new byte[0];
    }

    private boolean stands(byte[] bytes) {
        int end = promptBytes + bytes.length;
        return end <= prompt.length && Arrays.equals(prompt, promptBytes, end, bytes, 0, bytes.length);
    }

    private static boolean continues(byte b) {
        return (b & 0xC0) == 0x80;
    }
}
