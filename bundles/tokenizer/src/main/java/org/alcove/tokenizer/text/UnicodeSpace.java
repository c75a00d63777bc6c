package org.alcove.tokenizer.text;

/** Characters with the Unicode property White_Space, which neither of Java's own two notions is. */
final class UnicodeSpace {

    private UnicodeSpace() {
    }

    static boolean is(int c) {
        return c >= 9 && c <= 13 || c == 0x85 || Character.isSpaceChar(c);
    }

    /** A text without the whitespace at its ends. */
    static String strip(String text, boolean left, boolean right) {
        int from = 0;
        int to = text.length();
        while (left && from < to && is(text.charAt(from))) {
            from++;
        }
        while (right && to > from && is(text.charAt(to - 1))) {
            to--;
        }
        return text.substring(from, to);
    }
}
