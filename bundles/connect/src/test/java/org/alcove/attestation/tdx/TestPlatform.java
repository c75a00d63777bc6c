package org.alcove.attestation.tdx;

import java.security.KeyPair;
import java.time.Instant;
import org.alcove.attestation.Collateral;
import org.alcove.attestation.Evidence;
import org.alcove.attestation.Verifier;

/** The fake platform, for tests of other rooms: quotes under a test root, with the report data that is asked for. */
public final class TestPlatform {

    /** When it all is in force. */
    public static final Instant NOW = FakePlatform.NOW;

    private static final int REPORT_DATA = 520;
    private static final int ATTRIBUTES = 120;

    private final FakePlatform platform = new FakePlatform();

    /** Trusts the test root. */
    public Verifier verifier() {
        return new TdxVerifier(platform.trust());
    }

    public Collateral collateral() {
        return platform.collateral();
    }

    public Evidence quote(byte[] reportData) {
        platform.collateral();
        System.arraycopy(reportData, 0, platform.body, REPORT_DATA, reportData.length);
        return platform.evidence();
    }

    /** Its owner can read its memory. */
    public void debug() {
        platform.body[ATTRIBUTES] |= 1;
    }

    /** Its platform is out of date. */
    public void stale() {
        platform.levelStatus = "OutOfDate";
        platform.levelAdvisories = ",'advisoryIDs':['INTEL-SA-00615']";
    }

    /** Its owner can no longer. */
    public void released() {
        platform.body[ATTRIBUTES] &= ~1;
    }

    /** A self-signed certificate of a key. */
    public static byte[] certificate(KeyPair key) {
        return new Issued("localhost", key, "localhost", key, 1).certificate();
    }

    public static KeyPair key() {
        return FakePlatform.key();
    }
}
