package org.alcove.attestation.tdx;

import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Revocation at every level, and lists that are not what they should be. */
class RevocationTest {
    private final FakePlatform platform = new FakePlatform();

    @Test
    void aPlatformInGoodStandingIsAccepted() {
        Judged.good(platform, Judged.policy(""));
        platform.pckCrl.revoked.add(BigInteger.valueOf(4711));
        Judged.good(platform, Judged.policy(""));
    }

    @Test
    void aRevokedPlatformIsRefused() {
        platform.pckCrl.revoked.add(platform.leaf.serial);
        Judged.refused(platform, Item.PCK_STANDING);
    }

    @Test
    void aRevokedIssuerIsRefused() {
        platform.rootCrl.revoked.add(platform.ca.serial);
        Judged.refused(platform, Item.CA_STANDING);
    }

    @Test
    void aRevokedSignerOfCollateralIsRefused() {
        platform.rootCrl.revoked.add(platform.signer.serial);
        Judged.refused(platform, Item.TCB_SIGNER, Item.QE_SIGNER);
    }

    @Test
    void aListOutOfForceIsRefused() {
        platform.pckCrl.until = FakePlatform.NOW.minusSeconds(1);
        Judged.refused(platform, Item.PCK_CRL);
        platform.pckCrl.until = FakePlatform.NOW;
        Judged.good(platform, Judged.policy(""));
        platform.pckCrl.from = FakePlatform.NOW.plusSeconds(1);
        platform.pckCrl.until = Instant.parse("2027-01-01T00:00:00Z");
        Judged.refused(platform, Item.PCK_CRL);
        platform.pckCrl.from = FakePlatform.NOW;
        platform.rootCrl.until = FakePlatform.NOW.minusSeconds(1);
        Judged.refused(platform, Item.ROOT_CRL, Item.TCB_SIGNER, Item.QE_SIGNER);
    }

    @Test
    void aListWithoutAnEndIsRefused() {
        platform.pckCrl.openEnded = true;
        Judged.refused(platform, Item.PCK_CRL);
    }

    @Test
    void aListOfSomebodyElseIsRefused() {
        platform.pckCrl.issuer = "Intel SGX PCK Processor CA";
        Judged.refused(platform, Item.PCK_CRL);
        platform.pckCrl.issuer = platform.ca.subject;
        platform.pckCrl.issuerKey = platform.leafKey;
        Judged.refused(platform, Item.PCK_CRL);
    }

    @Test
    void aListThatSpeaksOfSomeCertificatesOnlyIsRefused() {
        platform.pckCrl.extensions.add(DerWriter.extension("2.5.29.27", true, DerWriter.integer(1)));
        Judged.refused(platform, Item.PCK_CRL);
    }

    /** The JDK's own checker asks the places that certificates name, and says "good" or "unknown" by what it gets. */
    @Test
    void nothingIsFetchedFromThePlacesThatCertificatesName() throws IOException {
        try (ServerSocket lists = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            byte[] place = DerWriter.element(0x86, ("http://127.0.0.1:" + lists.getLocalPort() + "/list")
                    .getBytes(StandardCharsets.US_ASCII));
            byte[] point = DerWriter.sequence(DerWriter.sequence(DerWriter.element(0xa0, DerWriter.element(0xa0, place))));
            byte[] responder = DerWriter.sequence(DerWriter.sequence(DerWriter.oid("1.3.6.1.5.5.7.48.1"), place));
            for (Issued each : List.of(platform.ca, platform.signer)) {
                each.extensions.add(DerWriter.extension("2.5.29.31", false, point));
                each.extensions.add(DerWriter.extension("1.3.6.1.5.5.7.1.1", false, responder));
            }
            Judged.good(platform, Judged.policy(""));
            platform.rootCrl.until = FakePlatform.NOW.minusSeconds(1);
            Judged.refused(platform, Item.ROOT_CRL, Item.TCB_SIGNER, Item.QE_SIGNER);
            lists.setSoTimeout(1);
            assertThrows(SocketTimeoutException.class, lists::accept, "somebody asked for a list");
        }
    }
}
