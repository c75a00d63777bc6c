package org.alcove.cluster.node;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import javax.net.ssl.SSLHandshakeException;
import org.alcove.cluster.wire.Beat;
import org.alcove.cluster.wire.Leave;
import org.alcove.cluster.wire.PeerClient;
import org.alcove.cluster.wire.PeerTls;
import org.alcove.cluster.wire.ProcessReport;
import org.alcove.cluster.wire.Registration;
import org.alcove.cluster.wire.Welcome;
import org.alcove.cluster.wire.WireException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the controller told how this process stands: registers, beats, and registers again when it is asked to. A controller that
 * is away changes nothing here: answers go on, and it is tried again and again, at least as often as beats are due, so that one
 * that comes back knows this process within one interval. Steps are taken by one thread.
 */
final class Link {

    private static final Logger LOG = LoggerFactory.getLogger(Link.class);
    private static final Duration FIRST_RETRY = Duration.ofMillis(250);

    private final URI controller;
    private final PeerClient client;
    private final String address;
    private final Duration interval;
    private final Supplier<ProcessReport> report;
    /** Told by one of our own controllers; another kind tells nothing. */
    private Optional<Welcome> welcome = Optional.empty();
    private List<String> registered = List.of();
    private boolean known;
    private int failures;
    private String complaint = "";

    /**
     * Asks nobody yet.
     *
     * @param controller its address
     * @param address under which this process is reached
     * @param interval from beat to beat, where the controller does not say
     * @param report how this process stands
     */
    Link(URI controller, PeerClient client, URI address, Duration interval, Supplier<ProcessReport> report) {
        this.controller = controller;
        this.client = client;
        this.address = address.toString();
        this.interval = interval;
        this.report = report;
    }

    /** Beats or registers, whatever is due; gives the time until the next step. */
    synchronized Duration step() {
        ProcessReport now = report.get();
        try {
            if (known && beat(now)) {
                failures = 0;
                return pause();
            }
            register(now);
            failures = 0;
            complaint = "";
            return pause();
        } catch (IOException e) {
            return fail(e.getMessage() + hint(e));
        } catch (WireException e) {
            return fail(controller + " answers wrongly: " + e.getMessage());
        }
    }

    /** Java trusts the authorities of the web; that of a cluster is seldom one of them. */
    private String hint(IOException e) {
        return client.settings().certificates() == PeerTls.PLATFORM && e.getCause() instanceof SSLHandshakeException
                ? "; give --tls FILE.p12 --cluster-ca FILE.p12 where the cluster has an authority of its own" : "";
    }

    private Duration pause() {
        return welcome.map(told -> Duration.ofSeconds(told.heartbeatSeconds())).orElse(interval);
    }

    /** Whether the controller knows this process as it is; if not it is to be told. */
    private boolean beat(ProcessReport now) throws IOException {
        Beat beat = new Beat(address, ForeignFigures.of(now).queueLength(),
                welcome.isPresent() ? Optional.of(now) : Optional.empty());
        PeerClient.Answer answer = client.post(controller, "/receive_heart_beat", beat.json());
        if (!answer.fine()) {
            throw new IOException("the controller refuses a beat" + reason(answer));
        }
        if (!Beat.known(answer.fields())) {
            LOG.info("The controller {} does not know this worker (any more); it is told", controller);
            known = false;
        } else if (welcome.isEmpty() && !registered.equals(ForeignFigures.of(now).models())) {
            // FastChat's beats do not carry the names of models.
            known = false;
        }
        return known;
    }

    private void register(ProcessReport now) throws IOException {
        Registration registration = new Registration(address, true, Optional.of(ForeignFigures.of(now)), false,
                Optional.of(now));
        PeerClient.Answer answer = client.post(controller, "/register_worker", registration.json());
        if (!answer.fine()) {
            throw new IOException("the controller refuses this worker" + reason(answer));
        }
        welcome = Welcome.unwrap(answer);
        registered = ForeignFigures.of(now).models();
        known = true;
        LOG.info("The {}controller {} knows this worker as {}", welcome.isEmpty() ? "FastChat " : "", controller, address);
    }

    /** What the controller says, where it says it as ours do. */
    private static String reason(PeerClient.Answer answer) {
        String status = " with HTTP status " + answer.status();
        try {
            return answer.fields().maybeObject("error").flatMap(error -> error.maybeText("message"))
                    .map(said -> status + ": " + said).orElse(status);
        } catch (WireException e) {
            return status;
        }
    }

    /** Says what is wrong, once; tries again soon, then less often, but never less often than it beats. */
    private Duration fail(String why) {
        if (!why.equals(complaint)) {
            LOG.warn("{}; answers go on, and the controller is tried again and again", why);
            complaint = why;
        }
        long millis = FIRST_RETRY.toMillis() << Math.min(failures++, 20);
        return Duration.ofMillis(Math.min(millis, pause().toMillis()));
    }

    /** Whether the controller knew this process when it was last asked. */
    synchronized boolean known() {
        return known;
    }

    /** Takes leave of one of our controllers, which then sends nobody here; others find out by themselves. */
    synchronized void leave(String instance) {
        if (known && welcome.isPresent()) {
            try {
                client.post(controller, "/alcove/v1/leave", new Leave(address, instance).json());
            } catch (IOException | WireException e) {
                LOG.warn("The controller {} could not be told that this worker leaves: {}", controller, e.getMessage());
            }
        }
    }
}
