package org.alcove.attestation;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What was found, line by line. Whether a verdict rests on Intel's keys or on nothing is its type. */
public sealed interface Verdict {

    /**
     * The time judged at.
     *
     * @return as given to the verifier
     */
    Instant at();

    /**
     * The lines, in the order in which they rest on each other.
     *
     * @return never empty
     */
    List<Check> checks();

    /**
     * What the evidence claims of its machine, in lower-case hex. To be believed only where the verdict is {@link #good}; empty
     * where the evidence cannot be read.
     *
     * @return values by field
     */
    Map<Measurement, String> measurements();

    /**
     * Whether the policy accepts the machine: no line failed.
     *
     * @return true if a prompt may be sent
     */
    default boolean good() {
        return !checks().isEmpty() && checks().stream().noneMatch(check -> check.result() == Check.Result.FAILED);
    }

    /**
     * The verdict for people.
     *
     * @return lines, each ended by a line feed
     */
    default String text() {
        return VerdictText.of(this);
    }

    /**
     * A verdict that rests on Intel's root key.
     *
     * @param at the time judged at
     * @param checks the lines
     * @param measurements what the evidence claims
     * @param tcb how current the platform is, if it came to that
     * @param advisories security advisories that Intel names for the platform's level
     */
    record Tdx(Instant at, List<Check> checks, Map<Measurement, String> measurements, Optional<TcbStatus> tcb,
            List<String> advisories) implements Verdict {
        /** Copies the collections. */
        public Tdx {
            checks = List.copyOf(checks);
            measurements = Map.copyOf(measurements);
            advisories = List.copyOf(advisories);
        }
    }

    /**
     * A verdict on evidence that proves nothing: mock evidence, or a quote under a root that is not Intel's.
     *
     * @param at the time judged at
     * @param checks the lines
     * @param measurements what the evidence claims
     */
    record Mock(Instant at, List<Check> checks, Map<Measurement, String> measurements) implements Verdict {
        /** Copies the collections. */
        public Mock {
            checks = List.copyOf(checks);
            measurements = Map.copyOf(measurements);
        }
    }
}
