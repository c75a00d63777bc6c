package org.alcove.attestation;

import java.util.Optional;

/**
 * How current the trusted computing base of a platform is, in the words of Intel's TCB info. Declared from best to worst.
 */
public enum TcbStatus {
    /** Nothing to do. */
    UP_TO_DATE("UpToDate"),
    /** Current, but software inside must defend itself against the advisories named. */
    SW_HARDENING_NEEDED("SWHardeningNeeded"),
    /** Current, but a setting of the platform leaves it open to the advisories named. */
    CONFIGURATION_NEEDED("ConfigurationNeeded"),
    /** Both of the two above. */
    CONFIGURATION_AND_SW_HARDENING_NEEDED("ConfigurationAndSWHardeningNeeded"),
    /** The platform is current now, but the machine was launched while its TDX module was not. */
    TD_RELAUNCH_ADVISED("TDRelaunchAdvised"),
    /** The same, and a setting of the platform is needed too. */
    TD_RELAUNCH_ADVISED_CONFIGURATION_NEEDED("TDRelaunchAdvisedConfigurationNeeded"),
    /** Known holes are open. */
    OUT_OF_DATE("OutOfDate"),
    /** Known holes are open, and a setting of the platform is needed too. */
    OUT_OF_DATE_CONFIGURATION_NEEDED("OutOfDateConfigurationNeeded"),
    /** Its keys are not to be trusted. */
    REVOKED("Revoked");

    private final String text;

    TcbStatus(String text) {
        this.text = text;
    }

    /**
     * The word used in TCB info and in policies.
     *
     * @return for example {@code UpToDate}
     */
    public String text() {
        return text;
    }

    /**
     * Finds a status by its word.
     *
     * @param text for example {@code UpToDate}, letter case counts
     * @return the status, or empty for an unknown word
     */
    public static Optional<TcbStatus> of(String text) {
        for (TcbStatus status : values()) {
            if (status.text.equals(text)) {
                return Optional.of(status);
            }
        }
        return Optional.empty();
    }
}
