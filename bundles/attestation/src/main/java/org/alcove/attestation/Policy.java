package org.alcove.attestation;

import java.time.Instant;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.alcove.attestation.json.StrictJson;

/**
 * Which machines we accept. What it leaves out is decided against the machine: {@code docs/attestation.md} lists every field.
 *
 * @param expires from when on the policy accepts nothing
 * @param allowMock whether evidence that proves nothing is accepted, for development
 * @param acceptedTcb the states of a platform that are good enough
 * @param acceptedAdvisories the only advisories a platform's level may carry; empty: any
 * @param leastEvaluation the lowest {@code tcbEvaluationDataNumber} of collateral, against old collateral that has not yet
 * expired
 * @param requireEventLog whether evidence must come with an event log
 * @param allowSeptVe whether the SEPT_VE_DISABLE attribute may be clear
 * @param bundles SHA-256 of the only bundles that may run, in lower-case hex; absent: whatever runs
 * @param accepted accepted values by field, in lower-case hex; an empty set accepts every value
 */
public record Policy(Optional<Instant> expires, boolean allowMock, Set<TcbStatus> acceptedTcb,
        Optional<Set<String>> acceptedAdvisories, int leastEvaluation, boolean requireEventLog, boolean allowSeptVe,
        Optional<Set<String>> bundles, Map<Measurement, Set<String>> accepted) {
    /** The policy format that {@link #read} reads. */
    private static final int VERSION = 1;
    private static final int MOST_VALUES = 1_000;
    private static final int LARGEST = 1 << 20;
    private static final String ANY = "any";
    private static final Set<String> FIELDS = Set.of("version", "expires", "allow_mock", "accepted_tcb", "accepted_advisories",
            "min_tcb_evaluation_data_number", "require_event_log", "allow_sept_ve", "bundles", "measurements");
    private static final int SHA256 = 32;

    /** Copies the collections. */
    public Policy {
        acceptedTcb = Set.copyOf(acceptedTcb);
        acceptedAdvisories = acceptedAdvisories.map(Set::copyOf);
        bundles = bundles.map(Set::copyOf);
        accepted = Map.copyOf(accepted);
    }

    /**
     * Reads a policy file. Unknown fields are refused: a misspelt rule would be no rule.
     *
     * @param json UTF-8
     * @return the policy
     * @throws AttestationException if a field is unknown, missing or out of bounds
     */
    public static Policy read(byte[] json) throws AttestationException {
        if (json.length > LARGEST) {
            throw new AttestationException("the policy has " + json.length + " bytes, at most " + LARGEST + " are read");
        }
        StrictJson file = StrictJson.parse(json, "the policy");
        file.only(FIELDS);
        int version = file.number("version", Integer.MAX_VALUE);
        if (version != VERSION) {
            throw new AttestationException("the policy has version " + version + ", this release reads " + VERSION);
        }
        Optional<Instant> expires = file.has("expires") ? Optional.of(file.instant("expires")) : Optional.empty();
        Optional<Set<String>> advisories = file.has("accepted_advisories")
                ? Optional.of(new HashSet<>(file.texts("accepted_advisories", MOST_VALUES))) : Optional.empty();
        int least = file.has("min_tcb_evaluation_data_number")
                ? file.number("min_tcb_evaluation_data_number", Integer.MAX_VALUE) : 0;
        return new Policy(expires, flag(file, "allow_mock"), tcb(file), advisories, least, flag(file, "require_event_log"),
                flag(file, "allow_sept_ve"), bundles(file), accepted(file.object("measurements")));
    }

    /**
     * The same policy for one conversation: the machine must have put this into its quote.
     *
     * @param bytes 64 bytes
     * @return a policy that accepts no other REPORTDATA
     */
    public Policy withReportData(byte[] bytes) {
        if (bytes.length != Measurement.REPORT_DATA.bytes()) {
            throw new IllegalArgumentException("report data has " + bytes.length + " bytes, expected 64");
        }
        Map<Measurement, Set<String>> changed = new EnumMap<>(Measurement.class);
        changed.putAll(accepted);
        changed.put(Measurement.REPORT_DATA, Set.of(HexFormat.of().formatHex(bytes)));
        return new Policy(expires, allowMock, acceptedTcb, acceptedAdvisories, leastEvaluation, requireEventLog, allowSeptVe,
                bundles, changed);
    }

    /**
     * Judges one field.
     *
     * @param measurement which
     * @param value what the evidence says, in lower-case hex
     * @return the line of the verdict, named like the field
     */
    public Check check(Measurement measurement, String value) {
        Set<String> values = accepted.get(measurement);
        if (values == null) {
            return switch (measurement.silence()) {
                case REFUSES -> line(measurement, "a policy that names " + measurement.key() + " or says \"" + ANY + "\"",
                        value + " and a policy that says nothing", false);
                case WANTS_ZERO -> line(measurement, "zero, because the policy names no value", value, value.matches("0*"));
                case ALLOWS -> line(measurement, ANY, value, true);
            };
        }
        if (values.isEmpty()) {
            Check.Result result = measurement.silence() == Measurement.Silence.ALLOWS ? Check.Result.PASSED : Check.Result.WARNED;
            return new Check(measurement.key(), "a value named by the policy, which says \"" + ANY + "\"", value, result);
        }
        String expected = values.size() == 1 ? values.iterator().next() : "one of the " + values.size() + " values of the policy";
        return line(measurement, expected, value, values.contains(value));
    }

    private static Check line(Measurement measurement, String expected, String found, boolean good) {
        return new Check(measurement.key(), expected, found, good ? Check.Result.PASSED : Check.Result.FAILED);
    }

    private static Optional<Set<String>> bundles(StrictJson file) throws AttestationException {
        return file.has("bundles") ? Optional.of(Set.copyOf(new HashSet<>(file.hexes("bundles", SHA256, MOST_VALUES))))
                : Optional.empty();
    }

    private static boolean flag(StrictJson file, String name) throws AttestationException {
        return file.has(name) && file.flag(name);
    }

    private static Set<TcbStatus> tcb(StrictJson file) throws AttestationException {
        if (!file.has("accepted_tcb")) {
            return Set.of(TcbStatus.UP_TO_DATE);
        }
        Set<TcbStatus> statuses = EnumSet.noneOf(TcbStatus.class);
        for (String text : file.texts("accepted_tcb", MOST_VALUES)) {
            TcbStatus status = TcbStatus.of(text).orElseThrow(() -> new AttestationException(
                    "the policy accepts the unknown TCB status \"" + text + "\"; known are "
                            + List.of(TcbStatus.values()).stream().map(TcbStatus::text).toList()));
            if (status == TcbStatus.REVOKED) {
                throw new AttestationException("the policy accepts Revoked; such a platform proves nothing, leave it out");
            }
            statuses.add(status);
        }
        return statuses;
    }

    private static Map<Measurement, Set<String>> accepted(StrictJson file) throws AttestationException {
        Map<Measurement, Set<String>> accepted = new EnumMap<>(Measurement.class);
        for (String name : file.names()) {
            Measurement measurement = Measurement.of(name).orElseThrow(() -> new AttestationException(
                    "the policy names the unknown measurement \"" + name + "\"; known are "
                            + List.of(Measurement.values()).stream().map(Measurement::key).toList()));
            if (file.isText(name)) {
                if (!file.text(name).equals(ANY)) {
                    throw new AttestationException("the policy says \"" + file.text(name) + "\" for " + name
                            + "; say \"" + ANY + "\" or give a list of values");
                }
                accepted.put(measurement, Set.of());
            } else {
                Set<String> values = new HashSet<>(file.hexes(name, measurement.bytes(), MOST_VALUES));
                if (values.isEmpty()) {
                    throw new AttestationException("the policy accepts no value of " + name + "; list one or say \"" + ANY
                            + "\"");
                }
                accepted.put(measurement, values);
            }
        }
        return accepted;
    }
}
