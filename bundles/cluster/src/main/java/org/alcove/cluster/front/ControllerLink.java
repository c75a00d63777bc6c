package org.alcove.cluster.front;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.UUID;
import java.util.function.LongSupplier;
import org.alcove.cluster.wire.Hello;
import org.alcove.cluster.wire.PeerClient;
import org.alcove.cluster.wire.PeerException;
import org.alcove.cluster.wire.Welcome;
import org.alcove.cluster.wire.WireException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way to the controller: greets it, finds out what it speaks, and remembers for a moment that it could not be reached, so
 * that not every request waits for that. Thread-safe.
 */
final class ControllerLink {

    private static final Logger LOG = LoggerFactory.getLogger(ControllerLink.class);

    private final URI address;
    private final PeerClient client;
    private final Duration downMemory;
    private final LongSupplier nanos;
    private final String process = UUID.randomUUID().toString();
    private final FastChatController foreign;
    private ControllerDialect dialect;
    private String lastController = "";
    private long ignorantUntil;
    private PeerException down;
    private long downUntil;

    /**
     * @param probe for the workers of a controller of FastChat
     * @param downMemory how long it is taken for unreachable after it was
     */
    ControllerLink(URI address, PeerClient client, WorkerProbe probe, Duration downMemory, LongSupplier nanos) {
        this.address = address;
        this.client = client;
        this.foreign = new FastChatController(address, client.anonymous(), probe);
        this.downMemory = downMemory;
        this.nanos = nanos;
        this.ignorantUntil = nanos.getAsLong();
    }

    /** Something asked of the controller. */
    interface Question<T> {
        T ask(ControllerDialect dialect) throws IOException;
    }

    /**
     * Asks, greeting first where that has not been done.
     *
     * @param patient whether to try also where it was unreachable a moment ago, and to greet one of FastChat's anew: one of ours
     *        may have taken its place
     * @throws IOException if the controller cannot be reached, was a moment ago, or answers senselessly
     */
    <T> T ask(Question<T> question, boolean patient) throws IOException {
        ControllerDialect known = greeted(patient);
        try {
            return question.ask(known);
        } catch (PeerException e) {
            throw lost(e);
        } catch (WireException e) {
            throw lost(new PeerException("the controller at " + address + " answers senselessly: " + e.getMessage(), e));
        }
    }

    private synchronized ControllerDialect greeted(boolean patient) throws IOException {
        if (!patient && down != null && nanos.getAsLong() - downUntil < 0) {
            throw new PeerException(down.getMessage() + " (a moment ago)", down);
        }
        if (dialect == null || patient && dialect == foreign) {
            try {
                dialect = greet();
                down = null;
            } catch (PeerException e) {
                throw lost(e);
            } catch (WireException e) {
                throw lost(new PeerException("the controller at " + address + " cannot be understood: " + e.getMessage(), e));
            }
        }
        return dialect;
    }

    /**
     * Finds out what the controller speaks. FastChat's knows no greeting; but neither does, for a moment, one of ours that has
     * begun to listen and has not opened its paths yet, and its workers must not be asked as strangers' from then on. It opens
     * them all at once, so whoever answers FastChat's question and still knows no greeting is FastChat's.
     */
    private ControllerDialect greet() throws IOException {
        PeerClient.Answer answer = hello();
        if (dialect != foreign && knowsNoGreeting(answer)) {
            foreign.models();
            answer = hello();
        }
        if (knowsNoGreeting(answer)) {
            if (dialect != foreign) {
                LOG.info("The controller at {} speaks FastChat's protocol", address);
            }
            lastController = "";
            return foreign;
        }
        switch (answer.status()) {
            case 200 -> {
                return welcomed(answer);
            }
            case 401, 403 -> throw new PeerException("the controller at " + address + " does not admit this process (HTTP status "
                    + answer.status() + "); give both the same --cluster-secret, or certificates of one --cluster-ca");
            default -> throw new PeerException("the controller at " + address + " answers a greeting with HTTP status "
                    + answer.status());
        }
    }

    private PeerClient.Answer hello() throws IOException {
        return client.post(address, "/alcove/v1/hello", new Hello(process).json());
    }

    private static boolean knowsNoGreeting(PeerClient.Answer answer) {
        return answer.status() == 404 || answer.status() == 405;
    }

    private OwnController welcomed(PeerClient.Answer answer) {
        Welcome welcome = Welcome.of(answer.fields());
        if (!lastController.isEmpty() && !lastController.equals(welcome.controller())) {
            LOG.info("The controller at {} was restarted", address);
            ignorantUntil = nanos.getAsLong() + 2 * Duration.ofSeconds(welcome.heartbeatSeconds()).toNanos();
        } else if (lastController.isEmpty()) {
            LOG.info("The controller at {} knows the workers", address);
        }
        lastController = welcome.controller();
        return new OwnController(address, client, process, welcome.controller());
    }

    private synchronized PeerException lost(PeerException e) {
        if (down == null) {
            LOG.warn("The controller cannot be asked: {}; workers are chosen by what was last known", e.getMessage());
        }
        dialect = null;
        down = e;
        downUntil = nanos.getAsLong() + downMemory.toNanos();
        return e;
    }

    /**
     * Whether the controller has been restarted so lately that it may not yet know its workers again. Greets it, to find out.
     */
    boolean ignorant() {
        synchronized (this) {
            if (dialect instanceof FastChatController) {
                return false;
            }
            dialect = null;
        }
        try {
            greeted(true);
        } catch (IOException e) {
            return true;
        }
        synchronized (this) {
            return nanos.getAsLong() - ignorantUntil < 0;
        }
    }
}
