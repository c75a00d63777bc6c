package org.alcove.attestation;

import java.util.Optional;

/** A field of a TD report that a policy can speak about. Sizes are those of the report. */
public enum Measurement {
    /** What the machine was built from before its first instruction: the firmware. */
    MR_TD("mr_td", 48, Silence.REFUSES),
    /** Firmware configuration, extended at run time. */
    RTMR_0("rtmr_0", 48, Silence.REFUSES),
    /** Boot loader and kernel. */
    RTMR_1("rtmr_1", 48, Silence.REFUSES),
    /** Kernel command line and initial file system. */
    RTMR_2("rtmr_2", 48, Silence.REFUSES),
    /** Free for what runs: the event log of the guest. */
    RTMR_3("rtmr_3", 48, Silence.REFUSES),
    /** Set by whoever starts the machine; confidential containers put the digest of the initdata here. */
    MR_CONFIG_ID("mr_config_id", 48, Silence.REFUSES),
    /** What the machine itself wanted in its quote: the binding of nonce and keys. */
    REPORT_DATA("report_data", 64, Silence.REFUSES),
    /** Owner of the machine, zero unless set. */
    MR_OWNER("mr_owner", 48, Silence.WANTS_ZERO),
    /** Configuration of the owner, zero unless set. */
    MR_OWNER_CONFIG("mr_owner_config", 48, Silence.WANTS_ZERO),
    /** A service machine bound to this one, for migration for example; zero for none. Reports 1.0 have none. */
    MR_SERVICE_TD("mr_service_td", 48, Silence.WANTS_ZERO),
    /** The TDX module. */
    MR_SEAM("mr_seam", 48, Silence.ALLOWS),
    /** Attributes of the machine, as their eight bytes stand in the report; the rules of {@link Verifier} hold besides. */
    TD_ATTRIBUTES("td_attributes", 8, Silence.ALLOWS),
    /** Processor state the machine may use, as its eight bytes stand in the report. */
    XFAM("xfam", 8, Silence.ALLOWS);

    /** What it means that a policy does not name the field. */
    enum Silence {
        /** No verdict can be good: a policy must decide. */
        REFUSES,
        /** Only zero is good. */
        WANTS_ZERO,
        /** Every value is good. */
        ALLOWS
    }

    private final String key;
    private final int bytes;
    private final Silence silence;

    Measurement(String key, int bytes, Silence silence) {
        this.key = key;
        this.bytes = bytes;
        this.silence = silence;
    }

    /**
     * The name in policies and verdicts.
     *
     * @return for example {@code mr_td}
     */
    public String key() {
        return key;
    }

    /**
     * The size of the field.
     *
     * @return bytes
     */
    public int bytes() {
        return bytes;
    }

    Silence silence() {
        return silence;
    }

    /**
     * Finds a field by its name.
     *
     * @param key for example {@code mr_td}
     * @return the field, or empty for an unknown name
     */
    public static Optional<Measurement> of(String key) {
        for (Measurement measurement : values()) {
            if (measurement.key.equals(key)) {
                return Optional.of(measurement);
            }
        }
        return Optional.empty();
    }
}
