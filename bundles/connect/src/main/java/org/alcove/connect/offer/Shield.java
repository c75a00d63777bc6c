package org.alcove.connect.offer;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.alcove.attestation.Measurement;
import org.alcove.cluster.wire.Json;
import org.alcove.connect.Finding;

/**
 * What is thought of the servers, for a person: accepted where at least one worker of one of them may be sent prompts at this
 * moment. Thread-safe.
 */
final class Shield {

    private final Duration freshness;
    private final InstantSource clock;
    /** In the order in which the servers were named; guarded by itself. */
    private final Map<URI, Look> looks = new LinkedHashMap<>();

    private record Look(List<Finding> findings, Instant at, String problem) {
    }

    /** @param freshness how long a look counts */
    Shield(List<URI> servers, Duration freshness, InstantSource clock) {
        this.freshness = freshness;
        this.clock = clock;
        servers.forEach(server -> looks.put(server, new Look(List.of(), clock.instant(), "it has not been verified yet")));
    }

    /** A server was looked at. */
    void found(URI server, List<Finding> findings) {
        synchronized (looks) {
            looks.put(server, new Look(List.copyOf(findings), clock.instant(), findings.isEmpty() ? "it has no workers" : ""));
        }
    }

    /** A server could not be looked at; what was found before counts for a while. */
    void failed(URI server, String problem) {
        synchronized (looks) {
            Look before = looks.get(server);
            looks.put(server, new Look(before.findings(), before.at(), problem));
        }
    }

    /** As the chat page reads it. */
    byte[] json() {
        Map<URI, Look> now;
        synchronized (looks) {
            now = new LinkedHashMap<>(looks);
        }
        List<Finding> good = now.values().stream().filter(this::fresh).flatMap(look -> look.findings().stream())
                .filter(Finding::good).toList();
        boolean mock = good.stream().anyMatch(Finding::mock);
        ObjectNode json = Json.object().put("verdict", good.isEmpty() ? "rejected" : "accepted").put("mock", mock)
                .put("server", now.keySet().stream().map(URI::toString).collect(Collectors.joining(", ")))
                .put("at", now.values().stream().map(Look::at).max(Instant::compareTo).orElseThrow().toString());
        ArrayNode reasons = json.putArray("reasons");
        if (mock) {
            reasons.add("MOCK evidence: it proves nothing, and is accepted only because the policy says allow_mock");
        }
        now.forEach((server, look) -> reasons(server, look, now.size() == 1 ? "" : server + ": ", reasons));
        return Json.bytes(json);
    }

    private boolean fresh(Look look) {
        return !look.at().plus(freshness).isBefore(clock.instant());
    }

    /** @param where before lines that do not name the server anyway */
    private void reasons(URI server, Look look, String where, ArrayNode reasons) {
        if (!look.problem().isEmpty()) {
            reasons.add(server + ": " + look.problem());
        }
        if (!fresh(look)) {
            reasons.add(where + "the last look is " + Duration.between(look.at(), clock.instant()).toSeconds()
                    + " s old, more than " + freshness.toSeconds() + " s");
        }
        look.findings().forEach(finding -> reasons.add(where + reason(finding)));
    }

    private static String reason(Finding finding) {
        String worker = "worker " + finding.status().id();
        return finding.good() ? worker + " is accepted: mr_td "
                + finding.verdict().orElseThrow().measurements().get(Measurement.MR_TD) : worker + " is refused: "
                + finding.problem();
    }
}
