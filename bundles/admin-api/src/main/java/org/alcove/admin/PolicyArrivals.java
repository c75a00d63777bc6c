package org.alcove.admin;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.alcove.api.control.RequestObserver;

/**
 * Requests of the last hour that have ended and were served at least in part: when they came, for which model, and how many
 * tokens they had. No word of their text, and not who asked. Thread-safe.
 */
final class PolicyArrivals {

    static final Duration KEPT = Duration.ofHours(1);
    /** More than so many in an hour, and the oldest go sooner. */
    static final int MOST = 20_000;

    private final Deque<Arrival> arrivals = new ArrayDeque<>();

    /**
     * A request.
     *
     * @param tokens of prompt and answer together
     * @param total from arrival to end
     */
    record Arrival(Instant when, String model, int tokens, Duration total) {
    }

    synchronized void add(RequestObserver.Record record) {
        int tokens = record.promptTokens() + record.answerTokens();
        // What was refused never had a worker to itself; its model may be a name that somebody made up.
        if (tokens > 0 && !record.worker().isEmpty()) {
            arrivals.addLast(new Arrival(record.arrived(), record.model(), tokens, record.total()));
            if (arrivals.size() > MOST) {
                arrivals.removeFirst();
            }
        }
    }

    /** Those that came within the last hour, in the order in which they ended. */
    synchronized List<Arrival> lastHour(Instant now) {
        Instant from = now.minus(KEPT);
        arrivals.removeIf(arrival -> arrival.when().isBefore(from));
        return List.copyOf(arrivals);
    }
}
