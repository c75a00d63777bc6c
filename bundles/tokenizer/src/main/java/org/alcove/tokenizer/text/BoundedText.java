package org.alcove.tokenizer.text;

/**
 * A text that may be looked at a bounded number of times per character: a pattern that backtracks without end fails with a
 * sentence instead of hanging. The patterns of published models look at a character a few dozen times.
 */
final class BoundedText implements CharSequence {
    private static final long LOOKS_PER_CHARACTER = 400;
    private static final long LOOKS_AT_LEAST = 1_000_000;

    private final String text;
    private long looksLeft;

    BoundedText(String text) {
        this.text = text;
        this.looksLeft = LOOKS_AT_LEAST + LOOKS_PER_CHARACTER * text.length();
    }

    @Override
    public char charAt(int index) {
        if (--looksLeft < 0) {
            throw new IllegalArgumentException("the tokenizer's pattern backtracks too much on a text of " + text.length()
                    + " characters (over " + LOOKS_PER_CHARACTER + " steps per character); use a simpler pattern");
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
