package org.alcove.templates.jinja;

import java.util.ArrayList;
import java.util.List;

/**
 * Texts counted as Python counts them: an emoji is one character, though Java holds it as two halves. Halves are told by what a
 * {@link Mask} shows of them; given text keeps its stand-ins.
 */
final class Characters {

    private Characters() { }

    static int count(Run run, String text) {
        return count(run, text, text.length());
    }

    /** How many characters begin before a place. */
    static int count(Run run, String text, int end) {
        if (!run.mask().hasPairs()) {
            return end;
        }
        run.spend(end / 8);
        return run.mask().plain(text.substring(0, end)).codePointCount(0, end);
    }

    /** The place where a character begins; beyond the last one the end of the text. */
    static int place(Run run, String text, long index) {
        if (!run.mask().hasPairs()) {
            return (int) Math.min(index, text.length());
        }
        run.spend(Math.min(index, text.length()) / 8);
        int place = 0;
        for (long i = 0; i < index && place < text.length(); i++) {
            place = next(run.mask(), text, place);
        }
        return place;
    }

    /** The character of an index, which may count from the end, or null. */
    static String at(Run run, String text, long index) {
        long wanted = index < 0 ? index + count(run, text) : index;
        int place = wanted < 0 ? text.length() : place(run, text, wanted);
        return place == text.length() ? null : text.substring(place, next(run.mask(), text, place));
    }

    static List<Object> of(Run run, String text) {
        run.spend(text.length() / 8);
        List<Object> characters = new ArrayList<>();
        for (int place = 0; place < text.length();) {
            int next = next(run.mask(), text, place);
            characters.add(text.substring(place, next));
            place = next;
        }
        return characters;
    }

    /**
     * The places between which Python's optional arguments {@code start} and {@code end} let a method look, or null where the
     * start is behind the end.
     */
    static int[] window(Run run, String text, Arguments args) {
        Object start = args.value(1, "start", null);
        Object end = args.value(2, "end", null);
        if (start == null && end == null) {
            return new int[] {0, text.length()};
        }
        int size = count(run, text);
        long from = start == null ? 0 : bound(Values.whole(start), size);
        long to = end == null ? size : Math.min(bound(Values.whole(end), size), size);
        return from > to ? null : new int[] {place(run, text, from), place(run, text, to)};
    }

    private static long bound(long index, int size) {
        return index < 0 ? Math.max(0, index + size) : index;
    }

    private static int next(Mask mask, String text, int place) {
        boolean pair = place + 1 < text.length() && Character.isHighSurrogate(mask.plain(text.charAt(place)))
                && Character.isLowSurrogate(mask.plain(text.charAt(place + 1)));
        return place + (pair ? 2 : 1);
    }
}
