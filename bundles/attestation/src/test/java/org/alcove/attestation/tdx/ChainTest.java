package org.alcove.attestation.tdx;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.util.ArrayList;
import java.util.List;
import org.alcove.attestation.Collateral;
import org.alcove.attestation.Verdict;
import org.junit.jupiter.api.Test;

/** Chains with something wrong in them. */
class ChainTest {
    private static final String KEY = "secp256r1";
    private final FakePlatform platform = new FakePlatform();

    @Test
    void aQuoteUnderTheTestRootIsRefusedByThePinnedRoot() {
        Collateral collateral = platform.collateral();
        Verdict verdict = new TdxVerifier().verify(platform.evidence(), collateral, Judged.policy(""), FakePlatform.NOW);
        assertInstanceOf(Verdict.Tdx.class, verdict);
        Judged.refused(verdict, Item.ROOT, Item.TCB_SIGNER, Item.QE_SIGNER);
    }

    @Test
    void certificatesInAnotherOrderMissingOrTooManyAreRefused() {
        List<Issued> right = platform.chain;
        for (List<Issued> wrong : List.of(right.reversed(), List.of(right.get(0), right.get(2), right.get(1)),
                List.of(right.get(0), right.get(1)), List.of(right.get(0), right.get(2)), List.of(right.get(0)),
                        List.<Issued>of(),
                List.of(right.get(0), right.get(1), right.get(2), right.get(2)),
                List.of(right.get(0), right.get(0), right.get(1), right.get(2)))) {
            platform.chain = wrong;
            Judged.refused(platform, Item.PCK_CHAIN);
        }
        platform.chain = right;
        platform.signerChain = platform.signerChain.reversed();
        Judged.refused(platform, Item.TCB_SIGNER, Item.QE_SIGNER);
    }

    @Test
    void certificatesOutOfTheirTimeAreRefused() {
        for (Issued each : List.of(platform.leaf, platform.ca)) {
            var until = each.until;
            each.until = FakePlatform.NOW.minusSeconds(1);
            Judged.refused(platform, Item.PCK_CHAIN);
            each.until = until;
            each.from = FakePlatform.NOW.plusSeconds(1);
            Judged.refused(platform, Item.PCK_CHAIN);
            each.from = FakePlatform.NOW;
        }
        platform.root.until = FakePlatform.NOW.minusSeconds(1);
        Judged.refused(platform, Item.PCK_CHAIN, Item.TCB_SIGNER, Item.QE_SIGNER);
    }

    @Test
    void certificatesOfOtherNamesAreRefused() {
        platform.leaf.subject = "Intel SGX TCB Signing";
        Judged.refused(platform, Item.PCK_CHAIN);
        platform.leaf.subject = "Intel SGX PCK Certificate";
        platform.signer.subject = "Intel SGX PCK Certificate";
        Judged.refused(platform, Item.TCB_SIGNER, Item.QE_SIGNER);
        platform.signer.subject = "Intel SGX TCB Signing";
        platform.leaf.issuer = "Intel SGX PCK Processor CA";
        Judged.refused(platform, Item.PCK_CHAIN);
    }

    @Test
    void aCertificateSignedByAnotherKeyIsRefused() {
        platform.leaf.issuerKey = platform.rootKey;
        Judged.refused(platform, Item.PCK_CHAIN);
        platform.leaf.issuerKey = platform.caKey;
        platform.root.issuerKey = platform.caKey;
        Judged.refused(platform, Item.PCK_CHAIN, Item.TCB_SIGNER, Item.QE_SIGNER);
    }

    @Test
    void aRootOfTheSameNameWithAnotherKeyIsRefused() {
        KeyPair other = FakePlatform.key(KEY);
        Issued root = new Issued(platform.root.subject, other, platform.root.subject, other, 1).authority(true);
        platform.chain = new ArrayList<>(List.of(platform.leaf, platform.ca, root));
        platform.ca.issuerKey = other;
        Judged.refused(platform, Item.ROOT);
    }

    @Test
    void anIssuerThatIsNoAuthorityIsRefused() {
        platform.ca.authority(false);
        Judged.refused(platform, Item.PCK_CHAIN);
    }

    @Test
    void aPlatformCannotSignCollateral() {
        platform.signer.issuerKey = platform.leafKey;
        Judged.refused(platform, Item.TCB_SIGNER, Item.QE_SIGNER);
    }

    @Test
    void nameConstraintsOfTheIssuerHold() {
        byte[] intel = DerWriter.name("Intel Corporation", "Intel SGX PCK Certificate");
        platform.ca.extensions.add(permitted(intel));
        Judged.good(platform, Judged.policy(""));
        platform.ca.extensions.clear();
        platform.ca.extensions.add(permitted(DerWriter.name("Somebody Else", "Somebody")));
        Judged.refused(platform, Item.PCK_CHAIN);
    }

    @Test
    void anUnknownCriticalExtensionIsRefusedAndAnUncriticalOneIsNot() {
        platform.ca.extensions.add(DerWriter.extension("1.2.3.4.5", false, DerWriter.integer(1)));
        Judged.good(platform, Judged.policy(""));
        platform.ca.extensions.clear();
        platform.ca.extensions.add(DerWriter.extension("1.2.3.4.5", true, DerWriter.integer(1)));
        Judged.refused(platform, Item.PCK_CHAIN);
    }

    @Test
    void aKeyOnAnotherCurveIsRefused() {
        platform.leaf.key = FakePlatform.key("secp384r1");
        Judged.refused(platform, Item.PCK_CHAIN);
    }

    @Test
    void aCertificateWithoutThePlatformsExtensionIsRefused() {
        Collateral collateral = platform.collateral();
        platform.leaf.extensions.clear();
        Judged.refused(Judged.verdict(platform, platform.evidence(), collateral, Judged.policy("")), Item.PCK_IDENTITY);
    }

    @Test
    void onlyOneSpellingOfAChainIsRead() {
        platform.collateral();
        String pem = new String(FakePlatform.pem(platform.chain), StandardCharsets.US_ASCII);
        for (String good : List.of(pem, pem + "\0", pem.stripTrailing())) {
            platform.chainBytes = good.getBytes(StandardCharsets.US_ASCII);
            Judged.good(platform, Judged.policy(""));
        }
        for (String bad : List.of(pem.replace("\n", "\r\n"), "a word\n" + pem, pem + "\0\0", pem + "\n", pem.replaceFirst("\n",
                "\n\n"),
                pem.replaceFirst("(?<=CERTIFICATE-----\n)(.{10})", "$1\n"), pem.replace("CERTIFICATE", "TRUSTED CERTIFICATE"),
                pem.replaceFirst("M", "!"), "")) {
            platform.chainBytes = bad.getBytes(StandardCharsets.US_ASCII);
            Judged.refused(platform, Item.PCK_CHAIN);
        }
    }

    @Test
    void aSerialNumberIsShownAsItStandsOnLists() {
        platform.leaf.serial = new BigInteger("123456789abcdef", 16);
        assertTrue(Judged.verdict(platform, Judged.policy("")).text().contains("123456789abcdef"));
    }

    private static byte[] permitted(byte[] directory) {
        byte[] subtree = DerWriter.sequence(DerWriter.element(0xa4, directory));
        return DerWriter.extension("2.5.29.30", true, DerWriter.sequence(DerWriter.element(0xa0, subtree)));
    }
}
