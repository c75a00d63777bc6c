package org.alcove.openai;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** A token's bytes as a string: its text, or, where it holds a part of a character, its bytes spelled {@code \xe2\x98}. */
final class TokenText {

    private TokenText() {
    }

    /** @param prefix stands before spelled bytes; chat uses none, completions {@code bytes:} */
    static String of(byte[] bytes, String prefix) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException partOfCharacter) {
            StringBuilder spelled = new StringBuilder(prefix);
            for (byte b : bytes) {
                spelled.append(String.format("\\x%02x", b & 0xFF));
            }
            return spelled.toString();
        }
    }
}
