package org.alcove.templates.jinja;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.IntPredicate;

/** Methods and filters of texts, as Python defines them. They see through a {@link Mask} and leave it in place. */
final class Texts {

    private static final String LINE_ENDS = "\n\r\u000b\f\u001c\u001d\u001e\u0085\u2028\u2029";

    private Texts() { }

    /** White space as Python counts it. */
    static boolean isSpace(int c) {
        return Character.isWhitespace(c) || Character.isSpaceChar(c) || c == '\u0085';
    }

    static String stripStart(String text, IntPredicate cut) {
        int from = 0;
        while (from < text.length() && cut.test(text.charAt(from))) {
            from++;
        }
        return text.substring(from);
    }

    static String stripEnd(String text, IntPredicate cut) {
        int to = text.length();
        while (to > 0 && cut.test(text.charAt(to - 1))) {
            to--;
        }
        return text.substring(0, to);
    }

    /** Calls a method of a text, or fails if there is none of that name. */
    static Object call(Run run, String text, String method, Arguments args) {
        Mask mask = run.mask();
        run.spend(text.length() / 8);
        Parameters.OF_TEXT.check(method, args);
        return switch (method) {
            case "strip", "lstrip", "rstrip" -> strip(mask, text, args.value(0, "chars", null), method);
            case "startswith", "endswith" -> edge(run, text, args, method.startsWith("s"));
            case "split" -> split(run, text, args, false);
            case "rsplit" -> split(run, text, args, true);
            case "splitlines" -> lines(run, text, Values.truth(args.value(0, "keepends", false)));
            case "replace" -> replace(run, text, args.text(0, "old"), args.text(1, "new"), args.whole(2, "count", -1));
            case "upper", "lower", "title", "capitalize" -> letters(mask, text, method);
            case "find", "rfind", "index", "rindex" -> find(run, text, args, method);
            case "count" -> {
                int[] window = Characters.window(run, text, args);
                yield window == null ? 0L : places(mask, text.substring(window[0], window[1]), args.text(0, "sub")).size();
            }
            case "join" -> join(run, Values.elements(run, args.value(0, "iterable", null)), text);
            case "isdigit" -> all(mask, text, c -> isNumeric(c) && Character.getNumericValue(c) >= 0
                    && Character.getNumericValue(c) < 10 && Character.getType(c) != Character.LETTER_NUMBER);
            case "isnumeric" -> all(mask, text, Texts::isNumeric);
            case "isalpha" -> all(mask, text, Character::isLetter);
            case "isalnum" -> all(mask, text, c -> Character.isLetter(c) || isNumeric(c));
            case "isspace" -> all(mask, text, Texts::isSpace);
            case "isupper" -> !text.equals(letters(mask, text, "lower")) && text.equals(letters(mask, text, "upper"));
            case "islower" -> !text.equals(letters(mask, text, "upper")) && text.equals(letters(mask, text, "lower"));
            case "removeprefix" -> edge(run, text, args, true) ? text.substring(args.text(0, "prefix").length()) : text;
            default -> edge(run, text, args, false)
                    ? text.substring(0, text.length() - args.text(0, "suffix").length()) : text;
        };
    }

    private static boolean all(Mask mask, String text, IntPredicate kind) {
        return !text.isEmpty() && mask.plain(text).codePoints().allMatch(kind);
    }

    private static boolean isNumeric(int c) {
        return switch (Character.getType(c)) {
            case Character.DECIMAL_DIGIT_NUMBER, Character.LETTER_NUMBER, Character.OTHER_NUMBER -> true;
            default -> false;
        };
    }

    static String strip(Mask mask, String text, Object chars, String method) {
        String plain = mask.plain(text);
        String set = chars == null ? null : mask.plain(Values.text(chars));
        IntPredicate cut = set == null ? Texts::isSpace : c -> set.indexOf(c) >= 0;
        int from = 0;
        int to = text.length();
        while (!method.equals("rstrip") && from < to && cut.test(plain.codePointAt(from))) {
            from += Character.charCount(plain.codePointAt(from));
        }
        while (!method.equals("lstrip") && from < to && cut.test(plain.codePointBefore(to))) {
            to -= Character.charCount(plain.codePointBefore(to));
        }
        return text.substring(from, to);
    }

    private static boolean edge(Run run, String text, Arguments args, boolean start) {
        int[] window = Characters.window(run, text, args);
        if (window == null) {
            return false;
        }
        String plain = run.mask().plain(text.substring(window[0], window[1]));
        Object part = args.value(0, start ? "prefix" : "suffix", null);
        return (part instanceof List<?> parts ? parts : Arrays.asList(part)).stream()
                .map(one -> run.mask().plain(Values.text(one)))
                .anyMatch(one -> start ? plain.startsWith(one) : plain.endsWith(one));
    }

    private static long find(Run run, String text, Arguments args, String method) {
        String wanted = run.mask().plain(args.text(0, "sub"));
        int[] window = Characters.window(run, text, args);
        String plain = window == null ? "" : run.mask().plain(text.substring(window[0], window[1]));
        int place = window == null ? -1 : method.startsWith("r") ? plain.lastIndexOf(wanted) : plain.indexOf(wanted);
        if (place < 0 && method.endsWith("index")) {
            throw Run.fault("looks for the place of a text that is not there");
        }
        return place < 0 ? -1 : Characters.count(run, text, window[0] + place);
    }

    private static List<Integer> places(Mask mask, String text, String part) {
        List<Integer> places = new ArrayList<>();
        if (part.isEmpty()) {
            throw Run.fault("looks for an empty text");
        }
        String plain = mask.plain(text);
        String wanted = mask.plain(part);
        for (int i = plain.indexOf(wanted); i >= 0; i = plain.indexOf(wanted, i + wanted.length())) {
            places.add(i);
        }
        return places;
    }

    private static List<Object> split(Run run, String text, Arguments args, boolean fromEnd) {
        Object separator = args.value(0, "sep", null);
        int most = args.whole(1, "maxsplit", -1);
        if (separator == null) {
            return words(run, text, most, fromEnd);
        }
        List<Integer> cuts = places(run.mask(), text, Values.text(separator));
        run.spend(cuts.size());
        if (most >= 0 && cuts.size() > most) {
            cuts = fromEnd ? cuts.subList(cuts.size() - most, cuts.size()) : cuts.subList(0, most);
        }
        List<Object> parts = new ArrayList<>();
        int from = 0;
        for (int cut : cuts) {
            parts.add(text.substring(from, cut));
            from = cut + Values.text(separator).length();
        }
        parts.add(text.substring(from));
        return parts;
    }

    private static List<Object> words(Run run, String text, int most, boolean fromEnd) {
        if (most >= 0 && fromEnd) {
            throw Run.fault("splits words from the end, which is not supported");
        }
        List<Object> words = new ArrayList<>();
        String rest = stripStart(text, Texts::isSpace);
        while (!rest.isEmpty()) {
            int end = 0;
            while (end < rest.length() && (most >= 0 && words.size() == most || !isSpace(rest.charAt(end)))) {
                end++;
            }
            words.add(rest.substring(0, end));
            rest = stripStart(rest.substring(end), Texts::isSpace);
            run.spend(1 + rest.length() / 8);
        }
        return words;
    }

    /** The lines of a text; more characters end one than {@link String#lines()} knows. */
    static List<Object> lines(Run run, String text, boolean withEnds) {
        List<Object> lines = new ArrayList<>();
        int from = 0;
        for (int i = 0; i < text.length(); i++) {
            if (LINE_ENDS.indexOf(text.charAt(i)) >= 0) {
                int end = i;
                i += text.startsWith("\r\n", i) ? 1 : 0;
                lines.add(text.substring(from, withEnds ? i + 1 : end));
                from = i + 1;
            }
        }
        if (from < text.length()) {
            lines.add(text.substring(from));
        }
        run.spend(lines.size());
        return lines;
    }

    static String replace(Run run, String text, String from, String to, int most) {
        StringBuilder out = new StringBuilder();
        int done = 0;
        int count = 0;
        for (int place : places(run.mask(), text, from)) {
            if (most >= 0 && count++ == most) {
                break;
            }
            out.append(text, done, place).append(to);
            run.checkLength(out.length());
            done = place + from.length();
        }
        return run.made(out.append(text, done, text.length()).toString());
    }

    /** The filter {@code title}: words begin behind white space, hyphens and opening brackets. The method looks at letters. */
    static String capitalWords(Mask mask, String text) {
        return letters(mask, text, "upper", c -> isSpace(c) || "-({[<".indexOf(c) >= 0);
    }

    static String letters(Mask mask, String text, String method) {
        return switch (method) {
            case "title" -> letters(mask, text, method, c -> !Character.isUpperCase(c) && !Character.isLowerCase(c)
                    && !Character.isTitleCase(c));
            case "capitalize" -> letters(mask, text, "title", c -> false);
            default -> letters(mask, text, method, c -> method.equals("upper"));
        };
    }

    /** Small letters, but such as {@code first} says at the beginning (not for lower) and behind what parts words. */
    private static String letters(Mask mask, String text, String first, IntPredicate parts) {
        String plain = mask.plain(text);
        StringBuilder out = new StringBuilder();
        boolean begins = !first.equals("lower");
        for (int i = 0; i < text.length(); i += Character.charCount(plain.codePointAt(i))) {
            int c = plain.codePointAt(i);
            String one = Character.toString(c);
            String changed = !begins ? one.toLowerCase(Locale.ROOT) : first.equals("upper") ? one.toUpperCase(Locale.ROOT)
                    : titled(c);
            out.append(changed.equals(one) ? text.substring(i, i + one.length()) : mask.like(text.charAt(i), changed));
            begins = parts.test(c);
        }
        return out.toString();
    }

    /** A letter at the beginning of a word: of one that becomes several, like a ligature, only the first is capital. */
    private static String titled(int c) {
        String upper = Character.toString(c).toUpperCase(Locale.ROOT);
        int rest = upper.offsetByCodePoints(0, 1);
        return rest == upper.length() ? Character.toString(Character.toTitleCase(c))
                : upper.substring(0, rest) + upper.substring(rest).toLowerCase(Locale.ROOT);
    }

    static String join(Run run, List<Object> parts, String separator) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < parts.size(); i++) {
            out.append(i == 0 ? "" : separator).append(Values.print(run, parts.get(i)));
            run.checkLength(out.length());
        }
        return run.made(out.toString());
    }
}
