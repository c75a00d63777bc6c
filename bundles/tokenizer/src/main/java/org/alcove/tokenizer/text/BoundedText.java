package org.alcove.tokenizer.text;

import java.util.function.Function;

/**
 * A text that may be looked at a bounded number of times per character: a pattern that backtracks without end fails with a
 * sentence instead of hanging, and so does one that needs more stack than there is. The patterns of published models look at a
 * character a few dozen times.
 */
final class BoundedText implements CharSequence {
    private static final long LOOKS_PER_CHARACTER = 400;
    private static final long LOOKS_AT_LEAST = 1_000_000;

    private final String text;
    private long looksLeft;

    /**
     * What a search finds in a text.
     *
     * @throws IllegalArgumentException if the search takes too many steps or too much stack
     */
    static <T> T search(String text, Function<CharSequence, T> search) {
        try {
            return search.apply(new BoundedText(text));
        } catch (StackOverflowError e) {
            throw new IllegalArgumentException("the tokenizer's pattern needs too much stack for a text of " + text.length()
                    + " characters; send it in smaller parts", e);
        }
    }

    private BoundedText(String text) {
        this.text = text;
        this.looksLeft = LOOKS_AT_LEAST + LOOKS_PER_CHARACTER * text.length();
    }

    @Override
    public char charAt(int index) {
        if (--looksLeft < 0) {
            throw new IllegalArgumentException("the tokenizer's pattern backtracks too much on a text of " + text.length()
                    + " characters (over " + LOOKS_PER_CHARACTER + " steps per character); send it in smaller parts, or give the"
                    + " model a simpler pattern");
        }
        return text.charAt(index);
    }

    @Override
    public int length() {
        return text.length();
    }

    @Override
    public CharSequence subSequence(int start, int end) {
        return text.substring(start, end);
    }

    @Override
    public String toString() {
        return text;
    }
}
