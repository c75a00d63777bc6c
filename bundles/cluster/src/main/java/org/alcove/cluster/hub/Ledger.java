package org.alcove.cluster.hub;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.LongSupplier;
import org.alcove.api.control.WorkerChoice;
import org.alcove.cluster.door.Refusal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The choices that API processes hold, each with a ticket. A choice counts at its worker until its ticket is released, or its API
 * process has not been heard of for so long that it counts as gone. Thread-safe.
 */
final class Ledger implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Ledger.class);
    private static final int MOST_CHARACTERS = 128;
    private static final int RETRY_SECONDS = 5;

    private final Duration silence;
    private final int mostClients;
    private final int mostTickets;
    private final LongSupplier nanos;
    private final Map<String, Client> clients = new HashMap<>();

    private static final class Client {
        private final Map<String, WorkerChoice> tickets = new HashMap<>();
        /**
         * Released without being open, and when, the oldest first: a question that the API process has given up may still be on
         * its way, behind the word that it has. Others were released before. At most as many as it may have tickets, and none for
         * longer than it may be silent.
         */
        private final Map<String, Long> revoked = new LinkedHashMap<>();
        private long heard;
    }

    /**
     * @param silence after which an API process is gone
     * @param mostTickets of one API process
     * @param nanos time that only goes forward
     */
    Ledger(Duration silence, int mostClients, int mostTickets, LongSupplier nanos) {
        this.silence = silence;
        this.mostClients = mostClients;
        this.mostTickets = mostTickets;
        this.nanos = nanos;
    }

    /** An API process lives. */
    void hear(String client) {
        client(client);
    }

    private synchronized Client client(String id) {
        if (!isName(id)) {
            throw Refusal.of(400, "bad_client", "the id of an API process has " + id.length() + " characters; give 1 to "
                    + MOST_CHARACTERS);
        }
        Client known = clients.get(id);
        if (known == null) {
            if (clients.size() >= mostClients) {
                throw Refusal.later(503, "too_many_clients", "the controller knows " + clients.size() + " of at most "
                        + mostClients + " API processes (max_clients)", RETRY_SECONDS);
            }
            known = new Client();
            clients.put(id, known);
        }
        known.heard = nanos.getAsLong();
        return known;
    }

    /**
     * Enters a choice, and gives its ticket.
     *
     * @param named the name of the ticket, where the API process gives one
     * @throws Refusal if there are too many, the name is none, or the ticket was released already; the choice is closed then
     */
    String open(String id, Optional<String> named, WorkerChoice choice) {
        try {
            synchronized (this) {
                Client client = client(id);
                if (client.tickets.size() >= mostTickets) {
                    throw Refusal.later(503, "too_many_tickets", "the API process holds " + client.tickets.size()
                            + " of at most " + mostTickets + " tickets (max_tickets); release some", RETRY_SECONDS);
                }
                String ticket = named.orElseGet(() -> UUID.randomUUID().toString());
                check(client, ticket);
                client.tickets.put(ticket, choice);
                return ticket;
            }
        } catch (Refusal e) {
            choice.close();
            throw e;
        }
    }

    private static void check(Client client, String ticket) {
        if (!isName(ticket)) {
            throw Refusal.of(400, "bad_ticket", "the ticket has " + ticket.length() + " characters; give 1 to "
                    + MOST_CHARACTERS);
        }
        if (client.tickets.containsKey(ticket)) {
            throw Refusal.of(409, "ticket_in_use", "the ticket is another request's; give each request one of its own");
        }
        if (client.revoked.containsKey(ticket)) {
            throw Refusal.of(409, "ticket_released", "the ticket was released before the question came; ask again with another");
        }
    }

    private static boolean isName(String name) {
        return !name.isEmpty() && name.length() <= MOST_CHARACTERS;
    }

    /** Requests have ended. Tickets that are another's mean nothing; those that are not known are not to be opened any more. */
    void release(String id, List<String> tickets) {
        List<WorkerChoice> closing = new ArrayList<>();
        synchronized (this) {
            Client client = client(id);
            for (String ticket : tickets) {
                WorkerChoice choice = client.tickets.remove(ticket);
                if (choice != null) {
                    closing.add(choice);
                } else if (isName(ticket)) {
                    revoke(client, ticket);
                }
            }
        }
        closing.forEach(WorkerChoice::close);
    }

    private void revoke(Client client, String ticket) {
        client.revoked.put(ticket, nanos.getAsLong());
        if (client.revoked.size() > mostTickets) {
            client.revoked.remove(client.revoked.keySet().iterator().next());
        }
    }

    /** Gives up the tickets of API processes that are gone, and forgets those that no question on its way can name any more. */
    void sweep() {
        List<WorkerChoice> closing = new ArrayList<>();
        synchronized (this) {
            long now = nanos.getAsLong();
            for (Iterator<Map.Entry<String, Client>> each = clients.entrySet().iterator(); each.hasNext();) {
                Client client = each.next().getValue();
                client.revoked.values().removeIf(when -> now - when > silence.toNanos());
                if (now - client.heard > silence.toNanos()) {
                    each.remove();
                    closing.addAll(client.tickets.values());
                    LOG.info("An API process was not heard of for {} s; its {} requests count no more", silence.toSeconds(),
                            client.tickets.size());
                }
            }
        }
        closing.forEach(WorkerChoice::close);
    }

    /** Gives all tickets up. */
    @Override
    public void close() {
        List<WorkerChoice> closing = new ArrayList<>();
        synchronized (this) {
            clients.values().forEach(client -> closing.addAll(client.tickets.values()));
            clients.clear();
        }
        closing.forEach(WorkerChoice::close);
    }
}
