package org.alcove.attestation.tdx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.alcove.attestation.AttestationException;
import org.alcove.attestation.Check;
import org.alcove.attestation.Evidence;
import org.alcove.attestation.Policy;
import org.alcove.attestation.json.StrictJson;

/**
 * Which bundles run, as a sealed process says it in its claims: bound by the quote's REPORTDATA, and each one extended to RTMR3
 * before it was started, so that none can be left out of the list afterwards.
 */
final class BundleRules {
    private static final int MOST = 1_000;
    private static final int SHA256 = 32;
    private static final String EVENT = "org.alcove bundle ";

    private final Policy policy;
    private final Ledger ledger;

    BundleRules(Policy policy, Ledger ledger) {
        this.policy = policy;
        this.ledger = ledger;
    }

    /** One bundle of the list. */
    record Listed(String name, String version, String digest, String signer) {

        /** What its event says. */
        String event() {
            return EVENT + name + " " + version + " sha256:" + digest + (signer.isEmpty() ? "" : " " + signer);
        }
    }

    /**
     * Judges the list.
     *
     * @param reportData of the quote, in hex
     * @return the list, if it is good
     */
    Optional<List<Listed>> listed(Evidence evidence, String reportData) {
        if (policy.bundles().isEmpty()) {
            ledger.line(Item.BUNDLES, "any, because the policy names no bundles", "not asked", true);
            return Optional.empty();
        }
        Set<String> accepted = policy.bundles().get();
        return ledger.read(Item.BUNDLES, "a list that the quote binds, of no other than the " + accepted.size()
                + " bundles of the policy", () -> {
                    List<Listed> all = read(evidence, reportData);
                    for (Listed bundle : all) {
                        if (!accepted.contains(bundle.digest())) {
                            throw new AttestationException(bundle.name() + " " + bundle.version() + " with the SHA-256 "
                                    + bundle.digest() + (bundle.signer().isEmpty() ? "" : ", signed by " + bundle.signer())
                                    + ", which the policy does not name");
                        }
                    }
                    return all;
                }, all -> all.size() + " bundles, all of them in the policy");
    }

    private static List<Listed> read(Evidence evidence, String reportData) throws AttestationException {
        Evidence.Claims claims = evidence.claims().orElseThrow(() -> new AttestationException("a quote without claims; judge the"
                + " whole evidence, as GET /attestation gives it"));
        if (!Arrays.equals(claims.reportData(), HexFormat.of().parseHex(reportData))) {
            throw new AttestationException("claims that the quote does not bind: its REPORTDATA is " + reportData);
        }
        StrictJson json = StrictJson.parse(claims.json(), "the claims");
        if (!json.has("sealed")) {
            throw new AttestationException("a process that is not sealed: whatever its owner wants may run in it");
        }
        List<Listed> all = new ArrayList<>();
        for (StrictJson bundle : json.object("sealed").objects("bundles", MOST)) {
            all.add(new Listed(bundle.text("name"), bundle.text("version"),
                    HexFormat.of().formatHex(bundle.hex("sha256", SHA256)), bundle.text("signer")));
        }
        if (all.isEmpty()) {
            throw new AttestationException("an empty list");
        }
        return all;
    }

    /** Compares the list with the log, once that is known to give the quote's registers. */
    void measured(Optional<List<Listed>> listed, Optional<EventLog> log) {
        if (policy.bundles().isEmpty()) {
            ledger.line(Item.MEASURED, "any, because the policy names no bundles", "not asked", true);
            return;
        }
        if (listed.isEmpty()) {
            return;
        }
        String expected = "one event for each of the " + listed.get().size() + " bundles, and for no other";
        Set<String> events = new TreeSet<>(log.map(EventLog::software).orElse(List.of()).stream()
                .filter(text -> text.startsWith(EVENT)).toList());
        if (events.isEmpty()) {
            String found = log.isEmpty() ? "no log that gives the quote's registers" : "a log without bundles";
            ledger.add(new Check(Item.MEASURED.text(), expected, found + ": only the software's own word, bound by REPORTDATA",
                    policy.requireEventLog() ? Check.Result.FAILED : Check.Result.WARNED));
            return;
        }
        Set<String> wanted = new TreeSet<>(listed.get().stream().map(Listed::event).toList());
        Set<String> missing = new TreeSet<>(wanted);
        missing.removeAll(events);
        events.removeAll(wanted);
        String found = missing.isEmpty() && events.isEmpty() ? "each has its event in RTMR3"
                : !missing.isEmpty() ? "no event for " + missing.iterator().next().substring(EVENT.length())
                : "an event for " + events.iterator().next().substring(EVENT.length()) + ", which is not listed";
        ledger.line(Item.MEASURED, expected, found, missing.isEmpty() && events.isEmpty());
    }
}
