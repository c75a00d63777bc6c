package org.alcove.connect;

import jakarta.servlet.Servlet;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.alcove.api.worker.Worker;
import org.alcove.api.worker.WorkerStatus;
import org.alcove.attestation.AttestationException;
import org.alcove.attestation.Collateral;
import org.alcove.attestation.Measurement;
import org.alcove.attestation.Policy;
import org.alcove.attestation.Verifier;
import org.alcove.cluster.wire.Secret;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.servlet.whiteboard.HttpWhiteboardConstants;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Verifies the configured server again and again, and offers the workers it finds good to this process. */
@Component(service = {}, immediate = true, configurationPid = "org.alcove.connect",
        configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = ConnectConfiguration.class)
public final class Connector {

    private static final Logger LOG = LoggerFactory.getLogger(Connector.class);
    private static final int SOON_SECONDS = 5;
    private static final Duration END = Duration.ofSeconds(10);

    private final ConnectConfiguration configuration;
    private final BundleContext context;
    private final SealedClient client;
    private final Shield shield;
    private final ServiceRegistration<Servlet> page;
    private final Semaphore nudges = new Semaphore(0);
    private final Map<String, Offer> offers = new HashMap<>();
    private final Thread thread;
    private volatile String last = "";

    /** A worker on offer, under the key it was verified with: with another key it is another worker. */
    private record Offer(SealedWorker worker, ServiceRegistration<Worker> registration) {
    }

    @Activate
    public Connector(ConnectConfiguration configuration, BundleContext context, @Reference Verifier verifier)
            throws IOException {
        this.configuration = configuration;
        this.context = context;
        if (configuration.server().isBlank()) {
            client = null;
            shield = null;
            page = null;
            thread = null;
            return;
        }
        Optional<Secret> key = configuration.server__key__file().isBlank() ? Optional.empty()
                : Optional.of(Secret.read(Path.of(configuration.server__key__file())));
        client = new SealedClient(new SealedClient.Settings(URI.create(configuration.server()), key, configuration.relayed(),
                Duration.ofSeconds(configuration.fresh__seconds()), Duration.ofSeconds(configuration.stall__seconds())),
                verifier, InstantSource.system());
        shield = new Shield(configuration.server(), Duration.ofSeconds(configuration.fresh__seconds()), InstantSource.system());
        page = context.registerService(Servlet.class, new VerdictServlet(shield::json), new Hashtable<>(
                Map.of(HttpWhiteboardConstants.HTTP_WHITEBOARD_SERVLET_PATTERN, VerdictServlet.PATH)));
        thread = Thread.ofPlatform().daemon().name("alcove-connect").start(this::run);
    }

    private void run() {
        try {
            while (true) {
                boolean settled = look();
                nudges.tryAcquire(settled ? configuration.verify__seconds()
                        : Math.min(SOON_SECONDS, configuration.verify__seconds()), TimeUnit.SECONDS);
                nudges.drainPermits();
            }
        } catch (InterruptedException e) {
            LOG.debug("The server is no longer verified");
        }
    }

    /** Whether nothing is expected to change soon. */
    private boolean look() {
        try {
            Policy policy = Policy.read(Files.readAllBytes(Path.of(configuration.policy__file())));
            Collateral collateral = configuration.collateral__folder().isBlank() ? Collateral.NONE
                    : Collateral.read(Path.of(configuration.collateral__folder()));
            List<Finding> findings = client.verify(policy, collateral);
            shield.found(findings);
            offer(findings);
            return !findings.isEmpty() && findings.stream()
                    .allMatch(finding -> finding.good() && finding.report().state() == WorkerStatus.State.READY);
        } catch (IOException | AttestationException e) {
            // Those on offer refuse for themselves when the last verification is too old.
            shield.failed("it cannot be verified: " + e.getMessage());
            say("cannot verify " + configuration.server() + ": " + e.getMessage());
        } catch (RuntimeException e) {
            shield.failed("verifying it failed; the log of connect says more");
            LOG.error("The verification of {} failed", configuration.server(), e);
        }
        return false;
    }

    private void offer(List<Finding> findings) {
        Map<String, Finding> good = new HashMap<>();
        StringBuilder refused = new StringBuilder();
        for (Finding finding : findings) {
            if (finding.good()) {
                String key = HexFormat.of().formatHex(finding.document().orElseThrow().sealingKey());
                good.put(finding.report().id() + "/" + key, finding);
            } else {
                refused.append(refused.isEmpty() ? "" : "; ").append("worker ").append(finding.report().id())
                        .append(" is refused: ").append(finding.problem());
            }
        }
        synchronized (offers) {
            offers.entrySet().removeIf(entry -> {
                boolean gone = !good.containsKey(entry.getKey());
                if (gone) {
                    entry.getValue().registration().unregister();
                }
                return gone;
            });
            good.forEach(this::offer);
        }
        say(findings.isEmpty() ? configuration.server() + " has no workers" : refused.toString());
    }

    private void offer(String key, Finding finding) {
        Offer known = offers.get(key);
        if (known != null) {
            known.worker().tell(finding.report());
            return;
        }
        SealedWorker worker = new SealedWorker(client, finding.report(), nudges::release);
        String id = finding.report().id();
        offers.put(key, new Offer(worker, context.registerService(Worker.class, worker,
                new Hashtable<>(Map.of("alcove.worker.id", id, "alcove.model", finding.report().model().name())))));
        if (finding.mock()) {
            LOG.warn("\u001b[31mMOCK: the evidence of worker {} proves NOTHING; prompts are sent because the policy says"
                    + " allow_mock\u001b[0m", id);
        }
        LOG.info("Worker {} is verified: mr_td {}, rtmr_3 {}", id,
                finding.verdict().orElseThrow().measurements().get(Measurement.MR_TD),
                finding.verdict().orElseThrow().measurements().get(Measurement.RTMR_3));
    }

    /** Says what is wrong once, and not with every look. */
    private void say(String problem) {
        if (!problem.equals(last) && !problem.isEmpty()) {
            LOG.error("{}; no prompt is sent there", problem);
        }
        last = problem;
    }

    @Deactivate
    void stop() throws InterruptedException {
        if (client == null) {
            return;
        }
        page.unregister();
        thread.interrupt();
        thread.join(END);
        synchronized (offers) {
            offers.values().forEach(offer -> offer.registration().unregister());
            offers.clear();
        }
        client.close();
    }
}
