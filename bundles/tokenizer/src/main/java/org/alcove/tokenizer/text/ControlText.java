package org.alcove.tokenizer.text;

import java.util.Arrays;
import java.util.List;
import org.alcove.api.conversation.PromptPiece;

/**
 * A prompt joined to one text, and which stretches of it the template wrote. A control token counts only where all its
 * characters are the template's: neighbouring control pieces are one stretch, content between them, even empty, parts them.
 */
final class ControlText {
    /** No character is control. */
    static final ControlText NONE = new ControlText("", new int[0], new int[0]);

    private final String text;
    private final int[] starts;
    private final int[] ends;
    /** Last run asked for: positions are asked in ascending order. */
    private int cursor;

    private ControlText(String text, int[] starts, int[] ends) {
        this.text = text;
        this.starts = starts;
        this.ends = ends;
    }

    static ControlText of(List<PromptPiece> pieces) {
        StringBuilder joined = new StringBuilder();
        int[] starts = new int[pieces.size()];
        int[] ends = new int[pieces.size()];
        int runs = 0;
        boolean open = false;
        for (PromptPiece piece : pieces) {
            int from = joined.length();
            joined.append(piece.text());
            boolean control = piece.kind() == PromptPiece.Kind.CONTROL;
            if (control && open) {
                ends[runs - 1] = joined.length();
            } else if (control) {
                starts[runs] = from;
                ends[runs++] = joined.length();
            }
            open = control;
        }
        return new ControlText(wellFormed(joined), Arrays.copyOf(starts, runs), Arrays.copyOf(ends, runs));
    }

    String text() {
        return text;
    }

    /** End of the control stretch a position lies in, or -1. */
    int endOfRun(int position) {
        while (cursor < ends.length && ends[cursor] <= position) {
            cursor++;
        }
        return cursor < ends.length && starts[cursor] <= position ? ends[cursor] : -1;
    }

    /** Lone surrogates become U+FFFD, which has bytes to encode. */
    private static String wellFormed(StringBuilder text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isHighSurrogate(c) && i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
            } else if (Character.isSurrogate(c)) {
                text.setCharAt(i, '\uFFFD');
            }
        }
        return text.toString();
    }
}
