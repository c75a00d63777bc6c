package org.alcove.connect;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.alcove.attestation.Measurement;
import org.alcove.cluster.wire.Json;

/**
 * What is thought of the server, for a person: accepted where at least one of its workers may be sent prompts at this moment.
 * Thread-safe.
 */
final class Shield {

    private final String server;
    private final Duration freshness;
    private final InstantSource clock;
    private volatile Look last;

    private record Look(List<Finding> findings, Instant at, String problem) {
    }

    /** @param freshness how long a look counts */
    Shield(String server, Duration freshness, InstantSource clock) {
        this.server = server;
        this.freshness = freshness;
        this.clock = clock;
        this.last = new Look(List.of(), clock.instant(), "it has not been verified yet");
    }

    /** The server was looked at. */
    void found(List<Finding> findings) {
        last = new Look(List.copyOf(findings), clock.instant(), findings.isEmpty() ? "it has no workers" : "");
    }

    /** The server could not be looked at; what was found before counts for a while. */
    void failed(String problem) {
        Look before = last;
        last = new Look(before.findings(), before.at(), problem);
    }

    /** As the chat page reads it. */
    byte[] json() {
        Look now = last;
        boolean fresh = !now.at().plus(freshness).isBefore(clock.instant());
        List<Finding> good = now.findings().stream().filter(Finding::good).toList();
        boolean accepted = fresh && !good.isEmpty();
        ObjectNode json = Json.object().put("verdict", accepted ? "accepted" : "rejected")
                .put("mock", accepted && good.stream().anyMatch(Finding::mock)).put("server", server)
                .put("at", now.at().toString());
        ArrayNode reasons = json.putArray("reasons");
        if (accepted && good.stream().anyMatch(Finding::mock)) {
            reasons.add("MOCK evidence: it proves nothing, and is accepted only because the policy says allow_mock");
        }
        if (!now.problem().isEmpty()) {
            reasons.add(server + ": " + now.problem());
        }
        if (!fresh) {
            reasons.add("the last look is " + Duration.between(now.at(), clock.instant()).toSeconds() + " s old, more than "
                    + freshness.toSeconds() + " s");
        }
        now.findings().forEach(finding -> reasons.add(reason(finding)));
        return Json.bytes(json);
    }

    private static String reason(Finding finding) {
        String worker = "worker " + finding.report().id();
        return finding.good() ? worker + " is accepted: mr_td "
                + finding.verdict().orElseThrow().measurements().get(Measurement.MR_TD) : worker + " is refused: "
                + finding.problem();
    }
}
