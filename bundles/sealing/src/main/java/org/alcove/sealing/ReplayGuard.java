package org.alcove.sealing;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.PriorityQueue;
import java.util.Set;

/**
 * Lets each sealed request in once. It remembers ids for as long as their time would still be accepted, so that what it has
 * forgotten is refused for its age. Thread-safe.
 */
public final class ReplayGuard {

    private final Duration window;
    private final int most;
    private final Set<String> ids = new HashSet<>();
    private final PriorityQueue<Seen> byAge = new PriorityQueue<>();

    private record Seen(Instant issued, String id) implements Comparable<Seen> {
        @Override
        public int compareTo(Seen other) {
            return issued.compareTo(other.issued);
        }
    }

    /**
     * @param window how old a request may be, and how far ahead the client's clock
     * @param most ids that are remembered
     */
    public ReplayGuard(Duration window, int most) {
        this.window = window;
        this.most = most;
    }

    /**
     * Lets a request in.
     *
     * @throws SealingException if it is too old or too new, or was let in before
     */
    public synchronized void admit(SealedRequest.Opened request, Instant now) throws SealingException {
        Duration age = Duration.between(request.issued(), now);
        if (age.abs().compareTo(window) > 0) {
            throw new SealingException(SealingException.Kind.STALE, "the request was sealed " + age.toSeconds()
                    + " s ago by the client's clock, at most " + window.toSeconds()
                    + " s either way are accepted; set the clock");
        }
        while (!byAge.isEmpty() && byAge.peek().issued().isBefore(now.minus(window))) {
            ids.remove(byAge.poll().id());
        }
        if (ids.size() >= most) {
            throw new SealingException(SealingException.Kind.STALE, "the worker has opened " + ids.size() + " requests in "
                    + window.toSeconds() + " s and remembers no more; seal it again later");
        }
        if (!ids.add(request.id())) {
            throw new SealingException(SealingException.Kind.REPLAYED, "this very request was opened before; seal it anew");
        }
        byAge.add(new Seen(request.issued(), request.id()));
    }
}
