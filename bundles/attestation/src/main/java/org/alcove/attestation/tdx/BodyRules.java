package org.alcove.attestation.tdx;

import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.alcove.attestation.AttestationException;
import org.alcove.attestation.Check;
import org.alcove.attestation.Measurement;
import org.alcove.attestation.Policy;

/** What the policy says of the machine itself: attributes, measurements, and the log behind them. */
final class BodyRules {
    private static final long DEBUG = 1;
    private static final long SEPT_VE_DISABLE = 1L << 28;
    /** LASS 27, SEPT_VE_DISABLE 28, MIGRATABLE 29, PKS 30, KL 31, PERFMON 63; the low byte is for machines under test only. */
    private static final long KNOWN = 0x1fL << 27 | 1L << 63;
    private static final Measurement[] REGISTERS = {Measurement.RTMR_0, Measurement.RTMR_1, Measurement.RTMR_2,
            Measurement.RTMR_3};

    private final Policy policy;
    private final Ledger ledger;

    BodyRules(Policy policy, Ledger ledger) {
        this.policy = policy;
        this.ledger = ledger;
    }

    void inForce(Instant at) {
        ledger.line(Item.POLICY, "in force at " + at, policy.expires().map(expiry -> "expires " + expiry)
                .orElse("does not expire"), policy.expires().isEmpty() || at.isBefore(policy.expires().get()));
    }

    void attributes(long attributes) {
        String found = String.format(Locale.ROOT, "0x%016x", attributes);
        ledger.line(Item.DEBUG, "bit 0 of TDATTRIBUTES clear", found, (attributes & DEBUG) == 0);
        ledger.line(Item.ATTRIBUTES, "no bit outside 27 to 31 and 63", found, (attributes & ~KNOWN & ~DEBUG) == 0);
        boolean set = (attributes & SEPT_VE_DISABLE) != 0;
        if (!set && policy.allowSeptVe()) {
            ledger.warn(Item.SEPT_VE, "bit 28 of TDATTRIBUTES set", found);
        } else {
            ledger.line(Item.SEPT_VE, "bit 28 of TDATTRIBUTES set", found, set);
        }
    }

    void measurements(Map<Measurement, String> fields) {
        for (Measurement measurement : Measurement.values()) {
            ledger.add(policy.check(measurement, fields.get(measurement)));
        }
    }

    /** The log, if it gives the registers of the quote. */
    Optional<EventLog> eventLog(Optional<byte[]> log, TdReport report) {
        if (log.isEmpty()) {
            ledger.line(Item.EVENT_LOG, policy.requireEventLog() ? "a log, because the policy requires one" : "a log or none",
                    "none", !policy.requireEventLog());
            return Optional.empty();
        }
        try {
            EventLog replayed = EventLog.replay(log.get());
            return ledger.add(compared(replayed, report)) ? Optional.of(replayed) : Optional.empty();
        } catch (AttestationException e) {
            ledger.line(Item.EVENT_LOG, "a TCG2 log", e.getMessage(), false);
            return Optional.empty();
        }
    }

    private static Check compared(EventLog log, TdReport report) {
        String expected = "a log that gives RTMR0 to RTMR3 of the quote";
        for (int i = 0; i < REGISTERS.length; i++) {
            byte[] quoted = report.fields().get(REGISTERS[i]);
            if (!Arrays.equals(log.registers().get(i), quoted)) {
                return new Check(Item.EVENT_LOG.text(), expected, log.events() + " events give " + REGISTERS[i].key() + " "
                        + log.register(i) + ", the quote has " + HexFormat.of().formatHex(quoted), Check.Result.FAILED);
            }
        }
        return new Check(Item.EVENT_LOG.text(), expected, log.events() + " events give all four", Check.Result.PASSED);
    }
}
