package org.alcove.tokenizer.text;

import java.util.Arrays;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Cuts at the matches of a regular expression. */
final class PatternSplit implements PreTokenizer {

    /** What becomes of a match: the five behaviours of {@code tokenizer.json}. */
    enum Behavior { REMOVED, ISOLATED, MERGED_WITH_PREVIOUS, MERGED_WITH_NEXT, CONTIGUOUS }

    private static final Pattern SCRIPT =
            Pattern.compile("\\\\p\\{(Han|Hiragana|Katakana|Hangul|Latin|Greek|Cyrillic|Thai|Arabic|Hebrew)}");
    private static final Pattern WORD = Pattern.compile("(?<!\\\\)((?:\\\\\\\\)*)\\\\w");

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

    /**
     * A pattern of a tokenizer, read as the authors' library (Oniguruma) reads it: classes in the Unicode sense, lines end at a
     * line feed only, script names need no prefix, and {@code \\w} leaves out the joiners that Java counts in.
     */
    static Pattern compile(String expression) {
        if (expression.equals("\\s+$")) {
            // DeepSeek's. Tried inside a run of spaces it would fail there once per space; the same matches begin where runs do.
            return compile("(?<!\\s)\\s+$");
        }
        String ours = SCRIPT.matcher(expression).replaceAll("\\\\p{Is$1}");
        ours = WORD.matcher(ours).replaceAll("$1[\\\\p{IsAlphabetic}\\\\p{M}\\\\p{Nd}\\\\p{Pc}]");
        return Pattern.compile(ours, Pattern.UNICODE_CHARACTER_CLASS | Pattern.UNIX_LINES | Pattern.MULTILINE);
    }

    static PatternSplit isolating(String expression) {
        return new PatternSplit(compile(expression), Behavior.ISOLATED, false);
    }

    @Override
    public void cut(String text, boolean first, Consumer<String> words) {
        Spans spans = new Spans();
        Matcher matcher = pattern.matcher(new BoundedText(text));
        int done = 0;
        try {
            while (matcher.find()) {
                spans.add(done, matcher.start(), invert);
                spans.add(matcher.start(), matcher.end(), !invert);
                done = matcher.end();
            }
        } catch (StackOverflowError e) {
            throw new IllegalArgumentException("the tokenizer's pattern needs too much stack for a text of " + text.length()
                    + " characters; send it in smaller parts", e);
        }
        spans.add(done, text.length(), invert);
        spans.deliver(text, behavior, words);
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
