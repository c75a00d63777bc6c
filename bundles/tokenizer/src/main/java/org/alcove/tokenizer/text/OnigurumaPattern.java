package org.alcove.tokenizer.text;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * A pattern of a tokenizer, said in Java's words so that it matches what it matches in the authors' library, Oniguruma. Classes
 * are meant in the Unicode sense and lines end at a line feed only. What differs is written anew: classes in brackets
 * ({@code [[:alpha:]]}), {@code \h} (a hexadecimal digit), {@code \v} (a vertical tab), {@code \w} and the boundaries of words
 * (without the joiners that Java counts in), names of scripts (without a prefix), {@code (?m)} (a dot also matches a line feed),
 * and a sign behind an interval, which repeats the whole once more.
 */
final class OnigurumaPattern {

    private static final String WORD = "\\p{IsAlphabetic}\\p{M}\\p{Nd}\\p{Pc}";
    /** Outside brackets the library takes these for word characters too. */
    private static final String SMALL_NUMBERS = "\u00b2\u00b3\u00b9\u00bc-\u00be";
    private static final String HEXADECIMAL = "0-9A-Fa-f";
    private static final Map<String, String> CLASSES = Map.ofEntries(Map.entry("alnum", "\\p{IsAlphabetic}\\p{Nd}"),
            Map.entry("alpha", "\\p{IsAlphabetic}"), Map.entry("ascii", "\\x00-\\x7F"), Map.entry("blank", "\\p{Zs}\\t"),
            Map.entry("cntrl", "\\p{Cc}"), Map.entry("digit", "\\p{Nd}"),
            Map.entry("graph", "[^\\p{IsWhite_Space}\\p{Cc}\\p{Cn}\\p{Cs}]"), Map.entry("lower", "\\p{IsLowercase}"),
            Map.entry("print", "[^\\p{Cc}\\p{Cn}\\p{Cs}\\x{2028}\\x{2029}]"), Map.entry("punct", "\\p{P}\\p{S}"),
            Map.entry("space", "\\p{IsWhite_Space}"), Map.entry("upper", "\\p{IsUppercase}"),
            Map.entry("xdigit", HEXADECIMAL), Map.entry("word", WORD));
    private static final Pattern BRACKET = Pattern.compile("\\[:(\\^?)([^:\\]]*):]");
    private static final Pattern PROPERTY = Pattern.compile("\\\\([pP])\\{(\\^?)([^}]*)}");
    private static final Pattern OPTIONS = Pattern.compile("\\(\\?[imx]*-?[imx]*[:)]");
    private static final Pattern INTERVAL = Pattern.compile("(\\{\\d+,\\d*}(?=\\+)|\\{\\d+}(?=[+?]))");

    private final String expression;
    private final StringBuilder ours = new StringBuilder();
    /** Where the groups that are still open begin, in our words. */
    private final Deque<Integer> groups = new ArrayDeque<>();
    private int at;
    private int sets;
    /** Where that which a quantifier would repeat begins, in our words. */
    private int repeated;

    private OnigurumaPattern(String expression) {
        this.expression = expression;
    }

    /**
     * Reads a pattern.
     *
     * @throws PatternSyntaxException if it cannot be said in Java's words
     */
    static Pattern compile(String expression) {
        // DeepSeek's. Tried inside a run of spaces it would fail there once per space; the same matches begin where runs do.
        String whole = expression.equals("\\s+$") ? "(?<!\\s)\\s+$" : expression;
        return Pattern.compile(new OnigurumaPattern(whole).translated(),
                Pattern.UNICODE_CHARACTER_CLASS | Pattern.UNIX_LINES | Pattern.MULTILINE);
    }

    private String translated() {
        while (at < expression.length()) {
            char c = expression.charAt(at);
            if (c == '\\' && at + 1 < expression.length()) {
                begin();
                escape();
            } else if (c == '[') {
                open();
            } else if (sets > 0) {
                sets -= c == ']' ? 1 : 0;
                copy(1);
            } else {
                outside(c);
            }
        }
        return ours.toString();
    }

    /** What follows here is what a quantifier behind it repeats; of a set, that is the whole. */
    private void begin() {
        if (sets == 0) {
            repeated = ours.length();
        }
    }

    private void open() {
        begin();
        Matcher named = at(BRACKET);
        if (sets > 0 && named.lookingAt()) {
            String members = CLASSES.get(named.group(2));
            if (members == null) {
                throw new PatternSyntaxException("there is no class " + named.group() + " in brackets", expression, at);
            }
            put("[" + named.group(1) + members + "]", named.end() - at);
            return;
        }
        sets++;
        copy(1);
        if (at < expression.length() && expression.charAt(at) == '^') {
            copy(1);
        }
        if (at < expression.length() && expression.charAt(at) == ']') {
            put("\\]", 1);
        }
    }

    private void outside(char c) {
        switch (c) {
            case '(' -> {
                groups.push(ours.length());
                Matcher options = at(OPTIONS);
                if (options.lookingAt()) {
                    put(options.group().replace('m', 's'), options.group().length());
                } else {
                    copy(1);
                }
                if (ours.charAt(ours.length() - 1) == ')') {
                    groups.pop();
                }
            }
            case ')' -> {
                repeated = groups.isEmpty() ? 0 : groups.pop();
                copy(1);
            }
            case '{' -> {
                Matcher interval = at(INTERVAL);
                if (interval.lookingAt()) {
                    ours.insert(repeated, "(?:");
                    put(interval.group() + ")", interval.group().length());
                } else {
                    copy(1);
                }
            }
            case '*', '+', '?' -> copy(1);
            default -> {
                begin();
                copy(Character.charCount(expression.codePointAt(at)));
            }
        }
    }

    private void escape() {
        String word = sets > 0 ? WORD : WORD + SMALL_NUMBERS;
        switch (expression.charAt(at + 1)) {
            case 'w' -> put("[" + word + "]", 2);
            case 'W' -> put("[^" + word + "]", 2);
            case 'h' -> put("[" + HEXADECIMAL + "]", 2);
            case 'H' -> put("[^" + HEXADECIMAL + "]", 2);
            case 'v' -> put("\\x0B", 2);
            case 'b' -> put(sets > 0 ? "\\x08" : boundary(word, "!", "="), 2);
            case 'B' -> put(sets > 0 ? "B" : boundary(word, "=", "!"), 2);
            // Java quotes between the first two and has a class for the third; here they are letters.
            case 'Q', 'E', 'V' -> put(expression.substring(at + 1, at + 2), 2);
            case 'p', 'P' -> property();
            default -> copy(1 + Character.charCount(expression.codePointAt(at + 1)));
        }
    }

    private static String boundary(String word, String afterWord, String afterOther) {
        return "(?:(?<=[" + word + "])(?" + afterWord + "[" + word + "])|(?<![" + word + "])(?" + afterOther + "[" + word + "]))";
    }

    private void property() {
        Matcher property = at(PROPERTY);
        if (!property.lookingAt()) {
            put(expression.substring(at + 1, at + 2), 2);
            return;
        }
        boolean without = property.group(1).equals("P") != property.group(2).equals("^");
        String name = property.group(3);
        String begin = without ? "\\P{" : "\\p{";
        put(switch (name) {
            case "Han", "Hiragana", "Katakana", "Hangul", "Latin", "Greek", "Cyrillic", "Thai", "Arabic", "Hebrew" ->
                begin + "Is" + name + "}";
            // Java takes every decimal digit for one of these.
            case "XDigit" -> (without ? "[^" : "[") + HEXADECIMAL + "\uff10-\uff19\uff21-\uff26\uff41-\uff46]";
            default -> begin + name + "}";
        }, property.group().length());
    }

    private Matcher at(Pattern pattern) {
        return pattern.matcher(expression).region(at, expression.length()).useTransparentBounds(true);
    }

    private void copy(int characters) {
        put(expression.substring(at, at + characters), characters);
    }

    private void put(String words, int characters) {
        ours.append(words);
        at += characters;
    }
}
