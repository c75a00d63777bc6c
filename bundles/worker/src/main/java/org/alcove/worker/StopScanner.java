package org.alcove.worker;

import java.util.List;

/**
 * Looks for stop strings in text that comes in pieces. Text that may be the beginning of one is held back until it is certain;
 * a stop string itself and what follows it is never given out. Used by one thread.
 */
final class StopScanner {

    private final List<String> stops;
    private final StringBuilder held = new StringBuilder();
    private boolean stopped;

    StopScanner(List<String> stops) {
        this.stops = stops.stream().filter(stop -> !stop.isEmpty()).distinct().toList();
    }

    /** Takes a piece; returns what is certain not to belong to a stop string. */
    String next(String piece) {
        if (stopped) {
            return "";
        }
        if (stops.isEmpty()) {
            return piece;
        }
        held.append(piece);
        int found = -1;
        for (String stop : stops) {
            int at = held.indexOf(stop);
            if (at >= 0 && (found < 0 || at < found)) {
                found = at;
            }
        }
        if (found >= 0) {
            stopped = true;
            return take(found);
        }
        return take(held.length() - possibleBeginning());
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

    /** Length of the longest end of the held text with which some stop string begins. */
    private int possibleBeginning() {
        int longest = 0;
        for (String stop : stops) {
            for (int length = Math.min(stop.length() - 1, held.length()); length > longest; length--) {
                if (endsWithBeginning(stop, length)) {
                    longest = length;
                }
            }
        }
        return longest;
    }

    private boolean endsWithBeginning(String stop, int length) {
        int start = held.length() - length;
        for (int i = 0; i < length; i++) {
            if (held.charAt(start + i) != stop.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
