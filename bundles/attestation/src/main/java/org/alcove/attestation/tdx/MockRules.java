package org.alcove.attestation.tdx;

import java.time.Instant;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.alcove.attestation.AttestationException;
import org.alcove.attestation.Evidence;
import org.alcove.attestation.Measurement;
import org.alcove.attestation.Policy;
import org.alcove.attestation.Verdict;
import org.alcove.attestation.json.StrictJson;

/** Judges evidence that proves nothing, so that development can go the whole way; refused unless the policy allows it. */
final class MockRules {
    private static final Set<String> KEYS = Stream.of(Measurement.values()).map(Measurement::key).collect(Collectors.toSet());

    private MockRules() {
    }

    static Verdict judge(Evidence evidence, Policy policy, Instant at) {
        Ledger ledger = new Ledger(Item.REAL, Item.POLICY, Item.STRUCTURE, Item.BUNDLES);
        refused(ledger, policy, "mock evidence, signed by nobody");
        BodyRules rules = new BodyRules(policy, ledger);
        rules.inForce(at);
        Optional<Map<Measurement, String>> fields = ledger.read(Item.STRUCTURE, "fields in hex",
                () -> parse(evidence.quote()), read -> read.size() + " fields");
        fields.ifPresent(read -> {
            rules.measurements(read);
            new BundleRules(policy, ledger).listed(evidence, read.get(Measurement.REPORT_DATA));
        });
        return new Verdict.Mock(at, ledger.close(), fields.orElse(Map.of()));
    }

    /** The line that keeps mock and real apart. */
    static void refused(Ledger ledger, Policy policy, String found) {
        if (policy.allowMock()) {
            ledger.warn(Item.REAL, "a quote under " + TrustRoot.INTEL.name(), found + ", which the policy allows");
        } else {
            ledger.line(Item.REAL, "a quote under " + TrustRoot.INTEL.name(), found, false);
        }
    }

    private static Map<Measurement, String> parse(byte[] bytes) throws AttestationException {
        if (bytes.length > Quote.LARGEST) {
            throw new AttestationException("mock evidence has " + bytes.length + " bytes, at most " + Quote.LARGEST
                    + " are read");
        }
        int header = Evidence.MOCK_HEADER.length() + 1;
        StrictJson json = StrictJson.parse(Arrays.copyOfRange(bytes, header, bytes.length), "mock evidence");
        json.only(KEYS);
        Map<Measurement, String> fields = new EnumMap<>(Measurement.class);
        for (Measurement measurement : Measurement.values()) {
            byte[] value = json.has(measurement.key()) ? json.hex(measurement.key(), measurement.bytes())
                    : new byte[measurement.bytes()];
            fields.put(measurement, HexFormat.of().formatHex(value));
        }
        return fields;
    }
}
