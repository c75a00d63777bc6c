package org.alcove.tokenizer.text;

import java.nio.charset.StandardCharsets;

/**
 * The alphabet in which byte-level vocabularies spell bytes: the printable bytes 33-126, 161-172 and 174-255 stand for
 * themselves, the other 68 are U+0100 and following, in order (published with GPT-2).
 */
final class ByteAlphabet {
    private static final char[] LETTERS = letters();
    private static final short[] BYTES = bytes();

    private ByteAlphabet() {
    }

    private static char[] letters() {
        char[] letters = new char[256];
        char next = 256;
        for (int b = 0; b < 256; b++) {
            boolean printable = b >= 33 && b <= 126 || b >= 161 && b <= 172 || b >= 174;
            letters[b] = printable ? (char) b : next++;
        }
        return letters;
    }

    private static short[] bytes() {
        short[] bytes = new short[256 + 68];
        java.util.Arrays.fill(bytes, (short) -1);
        for (int b = 0; b < 256; b++) {
            bytes[LETTERS[b]] = (short) b;
        }
        return bytes;
    }

    static char letter(int value) {
        return LETTERS[value];
    }

    /** A text spelled byte by byte. */
    static String spell(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        char[] spelled = new char[utf8.length];
        for (int i = 0; i < utf8.length; i++) {
            spelled[i] = LETTERS[utf8[i] & 0xFF];
        }
        return new String(spelled);
    }

    /** The bytes a token spells; a token with a letter outside the alphabet stands for its own UTF-8. */
    static byte[] read(String token) {
        byte[] read = new byte[token.length()];
        for (int i = 0; i < token.length(); i++) {
            char letter = token.charAt(i);
            if (letter >= BYTES.length || BYTES[letter] < 0) {
                return token.getBytes(StandardCharsets.UTF_8);
            }
            read[i] = (byte) BYTES[letter];
        }
        return read;
    }
}
