package org.alcove.worker;

import java.util.List;

/**
 * Looks for stop strings in text that comes in pieces. The one that is complete first ends the text; of several that are
 * complete at the same character the longest. So the text does not depend on how it was cut into pieces. Text that may be the
 * beginning of a stop string is held back until it is certain; a stop string itself and what follows it is never given out.
 *
 * <p>A text may have a beginning in which nothing stops it. What counts is where a stop string ends: one that is complete within
 * that beginning is text as any other, one that only starts there stops the text, and is cut off whole. Used by one thread.
 *
 * <p>Each stop string is followed by the method of Knuth, Morris and Pratt: per character of text, how many of its characters the
 * text ends with. The largest of these numbers is what has to be held back.
 */
final class StopScanner {

    private final char[][] stops;
    /** For each stop and each number of its first characters: the longest shorter beginning these end with. */
    private final int[][] fallbacks;
    /** For each stop: with how many of its first characters the text ends. */
    private final int[] matched;
    private final StringBuilder held = new StringBuilder();
    private boolean stopped;

    /** @param stops none of them empty */
    StopScanner(List<String> stops) {
        this.stops = stops.stream().distinct().map(String::toCharArray).toArray(char[][]::new);
        this.matched = new int[this.stops.length];
        this.fallbacks = new int[this.stops.length][];
        for (int i = 0; i < fallbacks.length; i++) {
            fallbacks[i] = fallback(this.stops[i]);
        }
    }

    private static int[] fallback(char[] stop) {
        int[] fallback = new int[stop.length + 1];
        int length = 0;
        for (int i = 1; i < stop.length; i++) {
            while (length > 0 && stop[i] != stop[length]) {
                length = fallback[length];
            }
            length += stop[i] == stop[length] ? 1 : 0;
            fallback[i + 1] = length;
        }
        return fallback;
    }

    /** Takes a piece; returns what is certain not to belong to a stop string. */
    String next(String piece) {
        return take(piece, true);
    }

    /** Takes a piece of the beginning, in which nothing stops the text. */
    String pass(String piece) {
        return take(piece, false);
    }

    private String take(String piece, boolean counts) {
        if (stopped) {
            return "";
        }
        if (stops.length == 0) {
            return piece;
        }
        int longest = 0;
        for (int i = 0; i < piece.length(); i++) {
            held.append(piece.charAt(i));
            longest = advance(piece.charAt(i), counts);
            if (stopped) {
                return take(held.length() - longest);
            }
        }
        return piece.isEmpty() ? "" : take(held.length() - longest);
    }

    /** Follows all stops by one character; returns the longest beginning, or the longest whole one, the text ends with. */
    private int advance(char next, boolean counts) {
        int beginning = 0;
        int whole = 0;
        for (int i = 0; i < stops.length; i++) {
            int length = matched[i];
            while (length > 0 && stops[i][length] != next) {
                length = fallbacks[i][length];
            }
            length += stops[i][length] == next ? 1 : 0;
            length = counts || length < stops[i].length ? length : fallbacks[i][length];
            matched[i] = length;
            beginning = Math.max(beginning, length);
            whole = length == stops[i].length ? Math.max(whole, length) : whole;
        }
        stopped = whole > 0;
        return stopped ? whole : beginning;
    }

    /** Whether a stop string was found. */
    boolean stopped() {
        return stopped;
    }

    /** What is still held back, at the end of all text. */
    String finish() {
        return stopped ? "" : take(held.length());
    }

    private String take(int length) {
        String certain = held.substring(0, length);
        held.delete(0, length);
        return certain;
    }
}
