package org.alcove.cluster.hub;

import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import org.alcove.api.worker.WorkerStatus;
import org.alcove.cluster.wire.WorkerReport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is thought of a process's evidence. Guarded by the directory. */
final class Credence {

    private static final Logger LOG = LoggerFactory.getLogger(Credence.class);
    private static final Duration RETRY = Duration.ofSeconds(10);
    private static final String RED = "\u001b[31m";
    private static final String PLAIN = "\u001b[0m";

    private final Duration lasts;
    private Standing standing = Standing.AWAITED;
    private String problem = "";
    private Optional<String> tlsKey = Optional.empty();
    private boolean asking;
    private boolean doubted = true;
    /** When it was last asked for, and when it was last good. */
    private long asked;
    private long good;

    private enum Standing { AWAITED, GOOD, MOCK, REFUSED }

    /** @param lasts how long evidence counts before it is asked for anew */
    Credence(Duration lasts) {
        this.lasts = lasts;
    }

    /** It is to be asked for anew; until that is judged, what was thought before counts. */
    void doubt() {
        doubted = true;
    }

    private boolean trusted() {
        return standing == Standing.GOOD || standing == Standing.MOCK;
    }

    /** Whether to ask for it now; says so once until it is judged. */
    boolean ask(long now) {
        Duration pause = trusted() && problem.isEmpty() || RETRY.compareTo(lasts) > 0 ? lasts : RETRY;
        if (asking || !doubted && now - asked < pause.toNanos()) {
            return false;
        }
        asking = true;
        doubted = false;
        asked = now;
        return true;
    }

    /** It was asked for. */
    void judge(Witness.Testimony testimony, URI worker, long now) {
        asking = false;
        switch (testimony) {
            case Witness.Testimony.Given(boolean mock, Optional<String> key) -> {
                good = now;
                tlsKey = key;
                become(mock ? Standing.MOCK : Standing.GOOD, "", worker);
            }
            case Witness.Testimony.Refused(String why) -> become(Standing.REFUSED, why, worker);
            case Witness.Testimony.Withheld(String why) -> {
                if (!trusted()) {
                    become(Standing.REFUSED, why, worker);
                } else if (!problem.equals(why)) {
                    problem = why;
                    LOG.warn("Worker {} has shown where it runs, but not anew: {}", worker, why);
                }
            }
        }
    }

    /** What was good once and cannot be had anew counts no longer than twice its time; whether that is now. */
    boolean age(URI worker, long now) {
        if (!trusted() || now - good <= lasts.multipliedBy(2).toNanos()) {
            return false;
        }
        become(Standing.REFUSED, "its evidence is " + Duration.ofNanos(now - good).toSeconds() + " s old, more than twice "
                + lasts.toSeconds() + " s (evidence_seconds)" + (problem.isEmpty() ? "" : ", because " + problem), worker);
        return true;
    }

    private void become(Standing next, String why, URI worker) {
        boolean same = standing == next && problem.equals(why);
        standing = next;
        problem = why;
        if (same) {
            return;
        }
        switch (next) {
            case GOOD -> LOG.info("Worker {} has shown where it runs", worker);
            case MOCK -> LOG.warn("{}MOCK: the evidence of worker {} proves NOTHING; it is admitted because the policy says"
                    + " allow_mock{}", RED, worker, PLAIN);
            case REFUSED -> LOG.error("Worker {} is refused: {}; it is sent no requests", worker, why);
            case AWAITED -> LOG.debug("Worker {} is asked for evidence", worker);
        }
    }

    /** A worker of the process as others are told of it. */
    WorkerReport seen(WorkerReport report) {
        return switch (standing) {
            case GOOD -> report;
            case MOCK -> report.reason().isEmpty() ? report.withState(report.state(), "MOCK evidence, which proves nothing")
                    : report;
            case REFUSED -> report.withState(WorkerStatus.State.PAUSED, "refused: " + problem);
            case AWAITED -> report.withState(WorkerStatus.State.STARTING, "its evidence is looked at");
        };
    }

    /** The TLS key that its last acceptable evidence holds; absent before there was any, and where it speaks no TLS. */
    Optional<String> tlsKey() {
        return tlsKey;
    }

    /** As lists spell it. */
    String word() {
        return standing.name().toLowerCase(Locale.ROOT);
    }
}
