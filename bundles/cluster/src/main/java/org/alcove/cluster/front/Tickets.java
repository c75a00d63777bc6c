package org.alcove.cluster.front;

import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.alcove.api.worker.RequestException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tickets that are to be released: kept until the controller has taken them, many in one message. Thread-safe. */
final class Tickets {

    private static final Logger LOG = LoggerFactory.getLogger(Tickets.class);
    private static final int BATCH = 1000;
    /** A controller that stays away forgets this process and its tickets by itself. */
    private static final int MOST_KEPT = 100_000;

    private final ControllerLink link;
    /** In the order in which they came. */
    private final Set<String> waiting = new LinkedHashSet<>();

    Tickets(ControllerLink link) {
        this.link = link;
    }

    synchronized void add(String ticket) {
        waiting.add(ticket);
        if (waiting.size() > MOST_KEPT) {
            waiting.remove(waiting.iterator().next());
        }
    }

    /** The first ones that the controller has not yet taken, or not yet said so. */
    synchronized List<String> first() {
        return waiting.stream().limit(BATCH).toList();
    }

    /** Releases what there is; what the controller does not take is kept for the next time. */
    void flush() throws IOException {
        for (List<String> batch = first(); !batch.isEmpty(); batch = first()) {
            List<String> tickets = batch;
            try {
                link.ask(dialect -> {
                    dialect.release(tickets);
                    return null;
                }, false);
            } catch (RequestException e) {
                LOG.warn("The controller does not take back {} tickets: {}", tickets.size(), e.getMessage());
            }
            taken(tickets);
        }
    }

    private synchronized void taken(List<String> tickets) {
        tickets.forEach(waiting::remove);
    }
}
