package org.alcove.cluster.front;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
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
    private final Deque<String> waiting = new ArrayDeque<>();

    Tickets(ControllerLink link) {
        this.link = link;
    }

    synchronized void add(String ticket) {
        waiting.add(ticket);
        if (waiting.size() > MOST_KEPT) {
            waiting.remove();
        }
    }

    /** Releases what there is; what the controller does not take is kept for the next time. */
    void flush() throws IOException {
        for (List<String> batch = take(); !batch.isEmpty(); batch = take()) {
            List<String> tickets = batch;
            boolean taken = false;
            try {
                link.ask(dialect -> {
                    dialect.release(tickets);
                    return null;
                }, false);
                taken = true;
            } catch (RequestException e) {
                LOG.warn("The controller does not take back {} tickets: {}", tickets.size(), e.getMessage());
                taken = true;
            } finally {
                if (!taken) {
                    giveBack(tickets);
                }
            }
        }
    }

    private synchronized List<String> take() {
        List<String> batch = new ArrayList<>();
        while (batch.size() < BATCH && !waiting.isEmpty()) {
            batch.add(waiting.remove());
        }
        return batch;
    }

    private synchronized void giveBack(List<String> tickets) {
        tickets.reversed().forEach(waiting::addFirst);
    }
}
