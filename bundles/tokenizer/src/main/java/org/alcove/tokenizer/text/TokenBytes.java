package org.alcove.tokenizer.text;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;

/**
 * How tokens are written out.
 *
 * @param byteAlphabet whether spellings are in the byte alphabet
 * @param byteTokens whether {@code <0x0A>} is a byte
 * @param replacements what is replaced in a spelling, in order
 * @param addedVerbatim whether added tokens are spelled as they are meant
 * @param dropLeadingSpace whether a text begins with a space that was not in it
 */
record TokenBytes(boolean byteAlphabet, boolean byteTokens, List<Replacement> replacements, boolean addedVerbatim,
        boolean dropLeadingSpace) {

    /** Every occurrence of a text becomes another one. */
    record Replacement(String from, String to) {
    }

    /** The marker SentencePiece writes for a space. */
    static final String SPACE_MARK = "\u2581";

    static final Replacement MARK_TO_SPACE = new Replacement(SPACE_MARK, " ");

    /** Bytes of every token; none for control tokens. */
    byte[][] all(Vocabulary vocabulary) {
        byte[][] bytes = new byte[vocabulary.size()][];
        for (int id = 0; id < bytes.length; id++) {
            bytes[id] = of(vocabulary.spelling(id), vocabulary.kind(id));
        }
        return bytes;
    }

    private byte[] of(String spelling, TokenKind kind) {
        if (kind.control()) {
            return new byte[0];
        }
        if (kind == TokenKind.USER_DEFINED && addedVerbatim) {
            return spelling.getBytes(StandardCharsets.UTF_8);
        }
        if (kind == TokenKind.BYTE || byteTokens) {
            int value = byteValue(spelling);
            if (value >= 0) {
                return new byte[] {(byte) value};
            }
        }
        String text = spelling;
        for (Replacement replacement : replacements) {
            text = text.replace(replacement.from(), replacement.to());
        }
        return byteAlphabet ? ByteAlphabet.read(text) : text.getBytes(StandardCharsets.UTF_8);
    }

    /** Value of {@code <0x0A>}, or -1 for any other spelling. */
    static int byteValue(String spelling) {
        boolean formed = spelling.length() == 6 && spelling.startsWith("<0x") && spelling.charAt(5) == '>'
                && HexFormat.isHexDigit(spelling.charAt(3)) && HexFormat.isHexDigit(spelling.charAt(4));
        return formed ? HexFormat.fromHexDigits(spelling, 3, 5) : -1;
    }
}
