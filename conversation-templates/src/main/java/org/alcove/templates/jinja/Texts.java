package org.alcove.templates.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.IntPredicate;

/** Methods and filters of texts, as Python defines them. They see through a {@link Mask} and leave it in place. */
final class Texts {

    private Texts() { }

    /** White space as Python counts it. */
    static boolean isSpace(char c) {
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
        return switch (method) {
            case "strip", "lstrip", "rstrip" -> strip(mask, text, args.value(0, "chars", null), method);
            case "startswith", "endswith" -> edge(mask, text, args.value(0, "prefix", null), method.startsWith("s"));
            case "split" -> split(run, text, args, false);
            case "rsplit" -> split(run, text, args, true);
            case "splitlines" -> lines(run, text);
            case "replace" -> replace(run, text, args.text(0, "old"), args.text(1, "new"), args.whole(2, "count", -1));
            case "upper", "lower", "title", "capitalize" -> letters(mask, text, method);
            case "find" -> (long) mask.plain(text).indexOf(mask.plain(args.text(0, "sub")));
            case "rfind" -> (long) mask.plain(text).lastIndexOf(mask.plain(args.text(0, "sub")));
            case "count" -> (long) places(mask, text, args.text(0, "sub")).size();
            case "join" -> join(run, Values.elements(args.value(0, "iterable", null)), text);
            case "isdigit", "isnumeric" -> !text.isEmpty() && mask.plain(text).chars().allMatch(Character::isDigit);
            case "isalpha" -> !text.isEmpty() && mask.plain(text).chars().allMatch(Character::isLetter);
            case "isalnum" -> !text.isEmpty() && mask.plain(text).chars().allMatch(Character::isLetterOrDigit);
            case "isspace" -> !text.isEmpty() && text.chars().allMatch(c -> isSpace((char) c));
            case "isupper" -> !text.equals(letters(mask, text, "lower")) && text.equals(letters(mask, text, "upper"));
            case "islower" -> !text.equals(letters(mask, text, "upper")) && text.equals(letters(mask, text, "lower"));
            case "removeprefix" -> edge(mask, text, args.text(0, "prefix"), true)
                    ? text.substring(args.text(0, "prefix").length()) : text;
            case "removesuffix" -> edge(mask, text, args.text(0, "suffix"), false)
                    ? text.substring(0, text.length() - args.text(0, "suffix").length()) : text;
            default -> throw Run.fault("calls the method '" + Run.shown(method) + "' of a text, which is not supported");
        };
    }

    static String strip(Mask mask, String text, Object chars, String method) {
        String set = chars == null ? null : mask.plain(Values.text(chars));
        IntPredicate cut = set == null ? c -> isSpace((char) c) : c -> set.indexOf(mask.plain((char) c)) >= 0;
        String left = method.equals("rstrip") ? text : stripStart(text, cut);
        return method.equals("lstrip") ? left : stripEnd(left, cut);
    }

    private static boolean edge(Mask mask, String text, Object part, boolean start) {
        if (part instanceof List<?> parts) {
            return parts.stream().anyMatch(one -> edge(mask, text, one, start));
        }
        String plain = mask.plain(text);
        return start ? plain.startsWith(mask.plain(Values.text(part))) : plain.endsWith(mask.plain(Values.text(part)));
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
        String rest = stripStart(text, c -> isSpace((char) c));
        while (!rest.isEmpty()) {
            int end = 0;
            while (end < rest.length() && (most >= 0 && words.size() == most || !isSpace(rest.charAt(end)))) {
                end++;
            }
            words.add(rest.substring(0, end));
            rest = stripStart(rest.substring(end), c -> isSpace((char) c));
            run.spend(1 + rest.length() / 8);
        }
        return words;
    }

    private static List<Object> lines(Run run, String text) {
        List<Object> lines = new ArrayList<>(text.lines().toList());
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

    static String letters(Mask mask, String text, String method) {
        StringBuilder out = new StringBuilder();
        boolean inWord = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            char plain = mask.plain(c);
            boolean upper = switch (method) {
                case "upper" -> true;
                case "title" -> !inWord;
                case "capitalize" -> i == 0;
                default -> false;
            };
            String one = String.valueOf(plain);
            out.append(Character.isSurrogate(plain) ? String.valueOf(c)
                    : mask.like(c, upper ? one.toUpperCase(Locale.ROOT) : one.toLowerCase(Locale.ROOT)));
            inWord = Character.isLetter(plain);
        }
        return out.toString();
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
