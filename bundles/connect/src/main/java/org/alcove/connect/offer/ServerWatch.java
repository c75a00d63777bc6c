package org.alcove.connect.offer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.alcove.api.worker.WorkerStatus;
import org.alcove.attestation.AttestationException;
import org.alcove.attestation.Collateral;
import org.alcove.attestation.Measurement;
import org.alcove.attestation.Policy;
import org.alcove.connect.Finding;
import org.alcove.connect.VerifiedServer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Verifies one server again and again, and keeps those of its workers on offer that were found good at the last look. A thread of
 * its own, so that a server that hangs holds up no other.
 */
final class ServerWatch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ServerWatch.class);
    private static final int SOON_SECONDS = 5;
    private static final Duration END = Duration.ofSeconds(10);

    private final VerifiedServer server;
    private final Rules rules;
    private final Desk desk;
    private final Shield shield;
    private final Semaphore nudges = new Semaphore(0);
    /** Guarded by itself. By worker and the key it was verified with: with another key it is another worker. */
    private final Map<String, Offer> offers = new HashMap<>();
    private Optional<Thread> thread = Optional.empty();
    private String last = "";

    /** Where workers are offered to others. */
    interface Desk {

        /** Offers a worker; what is returned withdraws it. */
        Runnable offer(SealedWorker worker);
    }

    /**
     * What is judged by, read anew at each look.
     *
     * @param policy which machines are accepted
     * @param collateral what Intel says of them
     * @param everySeconds how often
     * @param idPrefix before the ids of workers, where those of several servers must be told apart
     */
    record Rules(Path policy, Optional<Path> collateral, int everySeconds, String idPrefix) {
    }

    private record Offer(SealedWorker worker, Runnable withdraw) {
    }

    ServerWatch(VerifiedServer server, Rules rules, Desk desk, Shield shield) {
        this.server = server;
        this.rules = rules;
        this.desk = desk;
        this.shield = shield;
    }

    /** Begins to look, now and from then on. */
    void start() {
        thread = Optional.of(Thread.ofPlatform().daemon().name("alcove-connect " + server.address()).start(this::run));
    }

    private void run() {
        try {
            while (true) {
                boolean settled = look();
                nudges.tryAcquire(settled ? rules.everySeconds() : Math.min(SOON_SECONDS, rules.everySeconds()),
                        TimeUnit.SECONDS);
                nudges.drainPermits();
            }
        } catch (InterruptedException e) {
            LOG.debug("{} is no longer verified", server.address());
        }
    }

    /** Looks once; whether nothing is expected to change soon. */
    boolean look() {
        try {
            Policy policy = Policy.read(Files.readAllBytes(rules.policy()));
            Collateral collateral = rules.collateral().isPresent() ? Collateral.read(rules.collateral().get())
                    : Collateral.NONE;
            List<Finding> findings = server.verify(policy, collateral);
            shield.found(server.address(), findings);
            offer(findings);
            return !findings.isEmpty() && findings.stream()
                    .allMatch(finding -> finding.good() && finding.status().state() == WorkerStatus.State.READY);
        } catch (IOException | AttestationException e) {
            // Those on offer refuse for themselves when the last verification is too old.
            shield.failed(server.address(), "it cannot be verified: " + e.getMessage());
            say("cannot verify " + server.address() + ": " + e.getMessage());
        } catch (RuntimeException e) {
            shield.failed(server.address(), "verifying it failed; the log of connect says more");
            LOG.error("The verification of {} failed", server.address(), e);
        }
        return false;
    }

    private void offer(List<Finding> findings) {
        Map<String, Finding> good = new HashMap<>();
        StringBuilder refused = new StringBuilder();
        for (Finding finding : findings) {
            if (finding.good()) {
                String key = HexFormat.of().formatHex(finding.document().orElseThrow().sealingKey());
                good.put(finding.status().id() + "/" + key, finding);
            } else {
                refused.append(refused.isEmpty() ? "" : "; ").append("worker ").append(finding.status().id()).append(" of ")
                        .append(server.address()).append(" is refused: ").append(finding.problem());
            }
        }
        synchronized (offers) {
            offers.entrySet().removeIf(entry -> {
                boolean gone = !good.containsKey(entry.getKey());
                if (gone) {
                    entry.getValue().withdraw().run();
                }
                return gone;
            });
            good.forEach(this::offer);
        }
        say(findings.isEmpty() ? server.address() + " has no workers" : refused.toString());
    }

    private void offer(String key, Finding finding) {
        Offer known = offers.get(key);
        if (known != null) {
            known.worker().tell(finding);
            return;
        }
        SealedWorker worker = new SealedWorker(server, rules.idPrefix(), finding, nudges::release);
        offers.put(key, new Offer(worker, desk.offer(worker)));
        String id = worker.status().id();
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

    /** Ends the looks, and takes off what is on offer. */
    @Override
    public void close() {
        thread.ifPresent(Thread::interrupt);
        try {
            if (thread.isPresent() && !thread.get().join(END)) {
                LOG.warn("The verification of {} has not ended after {} s", server.address(), END.toSeconds());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        synchronized (offers) {
            offers.values().forEach(offer -> offer.withdraw().run());
            offers.clear();
        }
        server.close();
    }
}
