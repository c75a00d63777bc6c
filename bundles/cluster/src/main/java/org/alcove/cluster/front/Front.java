package org.alcove.cluster.front;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.alcove.api.control.WorkerChoice;
import org.alcove.api.control.WorkerChooser;
import org.alcove.api.worker.Failure;
import org.alcove.api.worker.Request;
import org.alcove.api.worker.RequestException;
import org.alcove.cluster.wire.WireException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What an API process asks its controller. A controller that cannot be reached, or was restarted and does not know its workers
 * yet, is told apart from one that says no: then whoever asked may choose by what was last known, and how the workers stand is
 * asked of themselves meanwhile.
 */
final class Front implements WorkerChooser {

    private static final Logger LOG = LoggerFactory.getLogger(Front.class);
    private static final Duration RETRY = Duration.ofSeconds(1);
    private static final Duration NOTHING_TO_DO = Duration.ofHours(1);

    private final ControllerLink link;
    private final WorkerRoll roll;
    private final Probes probes;
    private final Tickets tickets;
    private volatile Runnable strangers = () -> { };
    private volatile Runnable ended = () -> { };

    /**
     * Who asks workers whose controller is away.
     *
     * @param own those that may be shown the secret
     * @param foreign the others
     */
    record Probes(WorkerProbe own, WorkerProbe foreign) {
    }

    Front(ControllerLink link, WorkerRoll roll, Probes probes) {
        this.link = link;
        this.roll = roll;
        this.probes = probes;
        this.tickets = new Tickets(link);
    }

    /** Whom to tell that an unknown worker was chosen, and that tickets wait. */
    void tell(Runnable whereStrangersCome, Runnable whereTicketsWait) {
        strangers = whereStrangersCome;
        ended = whereTicketsWait;
    }

    @Override
    public WorkerChoice choose(Request request, Set<String> excluded, Optional<String> fingerprint) {
        ControllerDialect.Chosen chosen;
        try {
            chosen = link.ask(dialect -> chosen(dialect, request, excluded, fingerprint), false);
        } catch (IOException e) {
            throw away("the controller cannot be asked: " + e.getMessage(), e);
        } catch (RequestException e) {
            throw judged(request, e);
        }
        if (!roll.knows(chosen.worker())) {
            strangers.run();
        }
        return new RemoteChoice(chosen, () -> chosen.ticket().ifPresent(this::giveBack));
    }

    private ControllerDialect.Chosen chosen(ControllerDialect dialect, Request request, Set<String> excluded,
            Optional<String> fingerprint) throws IOException {
        String ticket = UUID.randomUUID().toString();
        try {
            return dialect.choose(request, excluded, fingerprint, tickets.first(), ticket);
        } catch (IOException | WireException e) {
            // A controller that answers too late has counted the request in, for somebody who does not wait any more.
            giveBack(ticket);
            throw e;
        }
    }

    private void giveBack(String ticket) {
        tickets.add(ticket);
        ended.run();
    }

    private static RequestException away(String why, IOException e) {
        return new RequestException(new Failure.Unavailable(RETRY, why), e);
    }

    /** A controller that has just come back says no although there are workers: it has not heard of them yet. */
    private RequestException judged(Request request, RequestException refusal) {
        boolean none = refusal.failure() instanceof Failure.UnknownModel || refusal.failure() instanceof Failure.Unavailable;
        if (none && roll.serves(request.model()) && link.ignorant()) {
            String why = "the controller was restarted and does not know its workers yet; it says: " + refusal.getMessage();
            return away(why, new IOException(why));
        }
        return refusal;
    }

    /** Asks which workers there are; where the controller is away, asks the workers that were known. */
    void poll() {
        try {
            link.ask(dialect -> {
                roll.update(dialect.workers(), dialect.vouches());
                return null;
            }, true);
        } catch (IOException | RequestException e) {
            LOG.debug("The controller does not list its workers: {}", e.getMessage());
            roll.hear(probes.own().ask(roll.ways(true)), true);
            roll.hear(probes.foreign().ask(roll.ways(false)), false);
        }
    }

    /** Releases tickets; says when to try again, unless more come before. */
    Duration release() {
        try {
            tickets.flush();
            return NOTHING_TO_DO;
        } catch (IOException e) {
            LOG.debug("Tickets are kept: {}", e.getMessage());
            return RETRY;
        }
    }
}
