package org.alcove.tokenizer.text;

import java.util.regex.Pattern;

/** What a token stands for, with the numbers of {@code tokenizer.ggml.token_type}. */
enum TokenKind {
    NORMAL(1), UNKNOWN(2), CONTROL(3), USER_DEFINED(4), UNUSED(5), BYTE(6);

    /** Spellings that converters and trainers reserve for control, even where a file forgets to say so. */
    private static final Pattern CONTROL_LIKE = Pattern.compile(
            "<\\|.*\\|>|<\uFF5C.*\uFF5C>|</?s>"
            + "|<(bos|eos|pad|unk|start_of_turn|end_of_turn|end_of_utterance|EOT|reserved_[0-9]+)>|\\[/?INST]", Pattern.DOTALL);

    private static final Pattern MARKER = Pattern.compile("<\\|[a-z_]{3,}\\|>");

    private final int number;

    TokenKind(int number) {
        this.number = number;
    }

    /** The kind a file gives; a number nobody defined counts as unused, so that it is never matched nor hidden. */
    static TokenKind of(int number) {
        for (TokenKind kind : values()) {
            if (kind.number == number) {
                return kind;
            }
        }
        return UNUSED;
    }

    /** The number files have for it. */
    int number() {
        return number;
    }

    /** Whether only a template may produce it. */
    boolean control() {
        return this == CONTROL || this == UNKNOWN;
    }

    /** Whether text may become this token by merging. */
    boolean mergeable() {
        return this == NORMAL || this == USER_DEFINED || this == UNUSED;
    }

    /** The kind where a file gives none. */
    static TokenKind guess(String spelling) {
        if (TokenBytes.byteValue(spelling) >= 0) {
            return BYTE;
        }
        return controlLike(spelling) ? CONTROL : NORMAL;
    }

    /**
     * Whether a file calls this kind what is plainly a control token. Among normal tokens only the one shape no training text
     * merges into counts: {@code </s>} may well be a piece of HTML.
     */
    boolean mislabelled(String spelling) {
        return this == USER_DEFINED && controlLike(spelling) || this == NORMAL && marker(spelling);
    }

    /** Whether a spelling has the one shape no training text merges into. */
    static boolean marker(String spelling) {
        return MARKER.matcher(spelling).matches();
    }

    /** Whether an added token is to be treated as control because it is spelled like one. */
    static boolean controlLike(String spelling) {
        return CONTROL_LIKE.matcher(spelling).matches();
    }
}
