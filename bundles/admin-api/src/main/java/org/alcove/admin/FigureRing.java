package org.alcove.admin;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** Figures of the last 24 hours in spans of ten seconds, and of the last second. Thread-safe. */
final class FigureRing {

    static final int RESOLUTION_SECONDS = 10;
    static final int KEPT = (int) Duration.ofHours(24).toSeconds() / RESOLUTION_SECONDS;

    private final Deque<Point> spans = new ArrayDeque<>();
    private final List<Point> open = new ArrayList<>();
    private Optional<Point> now = Optional.empty();
    private long number;

    /** @param before spans of earlier times, oldest first */
    FigureRing(List<Point> before) {
        spans.addAll(before.subList(Math.max(0, before.size() - KEPT), before.size()));
    }

    /** Adds a second; the span that it completes, if it does. */
    synchronized Optional<Point> add(Point second) {
        now = Optional.of(second);
        number++;
        open.add(second);
        if (open.stream().mapToDouble(Point::seconds).sum() >= RESOLUTION_SECONDS - 0.5) {
            spans.addLast(Point.merged(open));
            open.clear();
            if (spans.size() > KEPT) {
                spans.removeFirst();
            }
            notifyAll();
            return Optional.of(spans.getLast());
        }
        notifyAll();
        return Optional.empty();
    }

    synchronized Optional<Point> now() {
        return now;
    }

    /** Spans that end after a moment, oldest first, neighbours merged so that there are at most so many. */
    synchronized List<Point> since(Instant from, int most) {
        List<Point> chosen = spans.stream().filter(point -> point.end().isAfter(from)).toList();
        int group = Math.max(1, Math.ceilDiv(chosen.size(), most));
        List<Point> merged = new ArrayList<>();
        for (int i = 0; i < chosen.size(); i += group) {
            merged.add(Point.merged(chosen.subList(i, Math.min(chosen.size(), i + group))));
        }
        return merged;
    }

    /** How many seconds were added. */
    synchronized long number() {
        return number;
    }

    /** Waits for a second after the one of this number; a little while at most. */
    synchronized void await(long after) throws InterruptedException {
        if (number <= after) {
            wait(2000);
        }
    }
}
