package org.alcove.tokenizer.text;

import java.util.Arrays;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Cuts at the matches of a regular expression. */
final class PatternSplit implements PreTokenizer {

    /** What becomes of a match: the five behaviours of {@code tokenizer.json}. */
    enum Behavior { REMOVED, ISOLATED, MERGED_WITH_PREVIOUS, MERGED_WITH_NEXT, CONTIGUOUS }

    private final Pattern pattern;
    private final Behavior behavior;
    private final boolean invert;

    /**
     * @param pattern what to look for, in the Unicode sense of its classes
     * @param behavior what becomes of a match
     * @param invert whether what lies between the matches counts as matched instead
     */
    PatternSplit(Pattern pattern, Behavior behavior, boolean invert) {
        this.pattern = pattern;
        this.behavior = behavior;
        this.invert = invert;
    }

    /** Every match of a tokenizer's pattern is a piece, and so is what lies between. */
    static PatternSplit isolating(String expression) {
        return new PatternSplit(OnigurumaPattern.compile(expression), Behavior.ISOLATED, false);
    }

    @Override
    public void cut(String text, boolean first, Consumer<String> words) {
        BoundedText.search(text, bounded -> spans(text, pattern.matcher(bounded))).deliver(text, behavior, words);
    }

    private Spans spans(String text, Matcher matcher) {
        Spans spans = new Spans();
        int done = 0;
        int from = 0;
        while (from <= text.length() && matcher.find(from)) {
            spans.add(done, matcher.start(), invert);
            spans.add(matcher.start(), matcher.end(), !invert);
            done = matcher.end();
            // Behind a match of nothing the next character follows; by itself a matcher would go into the middle of it.
            boolean nothing = matcher.start() == done;
            from = done + (!nothing ? 0 : done == text.length() ? 1 : Character.charCount(text.codePointAt(done)));
        }
        spans.add(done, text.length(), invert);
        return spans;
    }

    /** Stretches of a text, matched or not, in order, without gaps. */
    private static final class Spans {
        private int[] ends = new int[32];
        private boolean[] matched = new boolean[32];
        private int size;

        void add(int from, int to, boolean match) {
            if (from == to) {
                return;
            }
            if (size == ends.length) {
                ends = Arrays.copyOf(ends, size * 2);
                matched = Arrays.copyOf(matched, size * 2);
            }
            ends[size] = to;
            matched[size++] = match;
        }

        void deliver(String text, Behavior behavior, Consumer<String> words) {
            int from = 0;
            for (int i = 0; i < size; i++) {
                boolean last = i == size - 1;
                boolean goesOn = !last && switch (behavior) {
                    case REMOVED, ISOLATED -> false;
                    case CONTIGUOUS -> matched[i] == matched[i + 1];
                    case MERGED_WITH_PREVIOUS -> !matched[i] && matched[i + 1];
                    case MERGED_WITH_NEXT -> matched[i] && !matched[i + 1];
                };
                if (!goesOn) {
                    if (behavior != Behavior.REMOVED || !matched[i]) {
                        words.accept(text.substring(from, ends[i]));
                    }
                    from = ends[i];
                }
            }
        }
    }
}
