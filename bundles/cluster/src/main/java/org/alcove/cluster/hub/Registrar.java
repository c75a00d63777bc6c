package org.alcove.cluster.hub;

import java.io.IOException;
import java.net.URI;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.alcove.api.worker.WorkerStatus;
import org.alcove.cluster.door.Exchange;
import org.alcove.cluster.door.Refusal;
import org.alcove.cluster.door.Standing;
import org.alcove.cluster.remote.ForeignProbe;
import org.alcove.cluster.wire.PeerClient;
import org.alcove.cluster.wire.PeerRoute;
import org.alcove.cluster.wire.ProcessReport;
import org.alcove.cluster.wire.Registration;
import org.alcove.cluster.wire.WireException;
import org.alcove.cluster.wire.WorkerReport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at who registers: nobody is told of a worker that was not asked at its address and did not answer as the one it says it
 * is. One of FastChat's registers before it listens; it is let in as starting, and asked again until it answers.
 */
final class Registrar {

    private static final Logger LOG = LoggerFactory.getLogger(Registrar.class);
    private static final int BUSY_SECONDS = 1;

    private final Directory directory;
    private final Surveyor surveyor;
    private final Gate gate;
    private final PeerClient own;
    private final PeerClient foreign;
    private final InstantSource clock;
    private final int mostProbes;
    private final Semaphore probes;

    /** @param mostProbes how many workers are asked at their addresses at the same time */
    Registrar(Directory directory, Surveyor surveyor, Gate gate, PeerClient client, InstantSource clock, int mostProbes) {
        this.directory = directory;
        this.surveyor = surveyor;
        this.gate = gate;
        this.own = client;
        this.foreign = client.anonymous();
        this.clock = clock;
        this.mostProbes = mostProbes;
        this.probes = new Semaphore(mostProbes);
    }

    /**
     * Lets a worker register.
     *
     * @return whether it is one of ours
     * @throws Refusal if it is refused; the message says why
     */
    boolean register(Exchange exchange) throws IOException {
        gate.pass(exchange.peer());
        Registration registration = Registration.of(exchange.message());
        URI address = Surveyor.address(registration.worker());
        boolean ours = registration.own().isPresent();
        if (ours && exchange.standing() != Standing.OWN) {
            throw Refusal.of(401, "unauthenticated", "a worker of ours at " + exchange.peer().getHostAddress() + " has not shown"
                    + " that it belongs to the cluster; give it the same --cluster-secret FILE");
        }
        if (!ours && directory.demanding()) {
            throw Refusal.of(403, "evidence_required", "this controller admits workers by their evidence (--worker-policy), and a"
                    + " FastChat worker has none");
        }
        int wanted = Math.max(1, registration.own().map(report -> report.workers().size())
                .orElseGet(() -> registration.status().map(status -> status.models().size()).orElse(1)));
        if (directory.room(address) < wanted) {
            throw Refusal.later(503, "too_many_workers", "the controller knows as many workers as it takes ("
                    + (directory.most() - directory.room(address)) + " of " + directory.most() + ") and has no room for " + wanted
                    + " more; raise max_workers", 60);
        }
        directory.enter(looked(registration, address, exchange));
        return ours;
    }

    private Newcomer looked(Registration registration, URI address, Exchange exchange) {
        if (!probes.tryAcquire()) {
            throw Refusal.later(503, "busy", "the controller is looking at " + mostProbes + " of at most " + mostProbes
                    + " workers at a time (max_probes); register again", BUSY_SECONDS);
        }
        try {
            PeerRoute route = surveyor.check(address, exchange.peer(), exchange.fromThisMachine(), registration.own().isEmpty());
            PeerClient asks = (registration.own().isPresent() ? own : foreign).along(route);
            try {
                return registration.own().isPresent()
                        ? ours(registration, new Candidate(route, asks), registration.own().get(), exchange)
                        : foreign(registration, new Candidate(route, asks), exchange);
            } finally {
                asks.release();
            }
        } finally {
            probes.release();
        }
    }

    /** Who registers: the way to it, and who asks along that way. */
    private record Candidate(PeerRoute route, PeerClient client) {
    }

    private Newcomer ours(Registration registration, Candidate candidate, ProcessReport told, Exchange exchange) {
        URI address = candidate.route().address();
        try {
            PeerClient.Answer answer = candidate.client().get(address, "/alcove/v1/status");
            if (answer.status() == 401 || answer.status() == 403) {
                throw Refusal.of(400, "unreachable", "the worker at " + address + " does not let the controller in (HTTP status "
                        + answer.status() + "); give both the same --cluster-secret or --cluster-ca");
            }
            if (!answer.fine()) {
                throw Refusal.of(400, "unreachable", "what answers at " + address + " is no worker of ours (HTTP status "
                        + answer.status() + " for /alcove/v1/status); give the worker its own address (--advertise URL)");
            }
            ProcessReport report = ProcessReport.of(answer.fields());
            if (!report.instance().equals(told.instance())) {
                throw Refusal.of(409, "other_process", "another process than the one that registers answers at " + address
                        + "; give the worker its own address (--advertise URL)");
            }
            return new Newcomer(candidate.route(), exchange.peer(), Optional.of(report.instance()), registration.heartbeat(),
                    registration.multimodal(), true, report.workers());
        } catch (IOException e) {
            throw Surveyor.unreachable(address, e);
        } catch (WireException e) {
            throw Refusal.of(400, "unreachable", "what answers at " + address + " is no worker of ours: " + e.getMessage());
        }
    }

    private Newcomer foreign(Registration registration, Candidate candidate, Exchange exchange) {
        URI address = candidate.route().address();
        boolean beats = registration.heartbeat();
        try {
            return new Newcomer(candidate.route(), exchange.peer(), Optional.empty(), beats, registration.multimodal(), true,
                    ForeignProbe.reports(address, candidate.client(), clock.instant()));
        } catch (IOException e) {
            Registration.FastChatStatus status = registration.status().orElseThrow(() -> Surveyor.unreachable(address, e));
            LOG.warn("The FastChat worker {} gets no requests until it can be reached: {}", address, e.getMessage());
            List<WorkerReport> reports = status.models().stream().map(model -> ForeignProbe
                    .report(address.toString(), model, 0, status, clock.instant())
                    .withState(WorkerStatus.State.STARTING, "it has not answered at its address yet")).toList();
            return new Newcomer(candidate.route(), exchange.peer(), Optional.empty(), beats, registration.multimodal(), false,
                    reports);
        } catch (WireException e) {
            throw Refusal.of(400, "unreachable", "what answers at " + address + " is no worker of FastChat: " + e.getMessage());
        }
    }

    /** Asks a worker of FastChat at its address how it stands; does nothing where too many are being asked. */
    void revisit(PeerRoute route) {
        if (!probes.tryAcquire()) {
            return;
        }
        URI address = route.address();
        PeerClient asks = foreign.along(route);
        try {
            directory.answered(address, ForeignProbe.reports(address, asks, clock.instant()));
        } catch (IOException | WireException e) {
            LOG.debug("The FastChat worker {} does not answer: {}", address, e.getMessage());
            directory.silent(address);
        } finally {
            asks.release();
            probes.release();
        }
    }
}
