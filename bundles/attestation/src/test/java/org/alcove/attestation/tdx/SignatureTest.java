package org.alcove.attestation.tdx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.security.KeyPair;
import java.security.interfaces.ECPublicKey;
import java.util.Arrays;
import java.util.Optional;
import org.alcove.attestation.AttestationException;
import org.alcove.attestation.Collateral;
import org.alcove.attestation.Evidence;
import org.junit.jupiter.api.Test;

/** Signatures of the quote itself, and numbers that are no signatures. */
class SignatureTest {
    private static final int SIGNATURE = 48 + TdReport.SIZE_10 + 4;
    private static final int KEY = SIGNATURE + 64;
    private static final int QE = KEY + 64 + 6;
    private final FakePlatform platform = new FakePlatform();

    @Test
    void aNumberOutOfRangeIsNoSignature() {
        KeyPair key = FakePlatform.key();
        byte[] bytes = {1, 2, 3};
        byte[] good = FakePlatform.sign(key, bytes);
        assertTrue(P256.verifies(key.getPublic(), bytes, good));
        BigInteger n = ((ECPublicKey) key.getPublic()).getParams().getOrder();
        BigInteger largest = BigInteger.ONE.shiftLeft(256).subtract(BigInteger.ONE);
        for (int end : new int[] {32, 64}) {
            for (BigInteger wrong : new BigInteger[] {BigInteger.ZERO, n, n.add(BigInteger.ONE), largest}) {
                byte[] bad = good.clone();
                Arrays.fill(bad, end - 32, end, (byte) 0);
                FakePlatform.copy(wrong, bad, end);
                assertFalse(P256.verifies(key.getPublic(), bytes, bad), wrong + " before " + end);
            }
        }
        assertFalse(P256.verifies(key.getPublic(), bytes, new byte[64]));
        assertFalse(P256.verifies(key.getPublic(), bytes, Arrays.copyOf(good, 63)));
        assertFalse(P256.verifies(key.getPublic(), bytes, Arrays.copyOf(good, 65)));
    }

    @Test
    void theSameNumberPlusTheOrderIsNoSecondSpelling() {
        // r + n fits into 32 bytes only for r below 2^256 - n, so look for one: a forger would.
        KeyPair key = FakePlatform.key();
        BigInteger n = ((ECPublicKey) key.getPublic()).getParams().getOrder();
        byte[] pair = new byte[64];
        FakePlatform.copy(n.add(BigInteger.ONE), pair, 32);
        FakePlatform.copy(BigInteger.ONE, pair, 64);
        assertFalse(P256.verifies(key.getPublic(), new byte[1], pair));
    }

    @Test
    void aPointOffTheCurveIsNoKey() throws Exception {
        byte[] good = FakePlatform.pair(FakePlatform.key());
        assertArrayEquals(good, FakePlatform.pair(new KeyPair(P256.key(good), null)));
        byte[] off = good.clone();
        off[63] ^= 1;
        assertThrows(AttestationException.class, () -> P256.key(off));
        assertThrows(AttestationException.class, () -> P256.key(new byte[64]));
        byte[] large = new byte[64];
        Arrays.fill(large, (byte) 0xff);
        assertThrows(AttestationException.class, () -> P256.key(large));
    }

    @Test
    void eachSignatureGuardsItsOwnPart() {
        Collateral collateral = platform.collateral();
        refused(collateral, 100, Item.SIGNATURE);
        refused(collateral, SIGNATURE, Item.SIGNATURE);
        refused(collateral, KEY, Item.QE_BINDING, Item.SIGNATURE);
        refused(collateral, QE + 70, Item.QE_SIGNATURE);
        refused(collateral, QE + QeReport.SIZE, Item.QE_SIGNATURE);
        refused(collateral, QE + QeReport.SIZE + 64 + 2, Item.QE_BINDING);
    }

    @Test
    void anAttestationKeyThatTheEnclaveDoesNotBindIsRefused() {
        platform.quote();
        platform.bind = false;
        platform.attestationKey = FakePlatform.key();
        Judged.refused(platform, Item.QE_BINDING);
        platform.bind = true;
        platform.qe[352] = 1;
        Judged.refused(platform, Item.QE_BINDING);
    }

    private void refused(Collateral collateral, int flipped, Item... items) {
        byte[] quote = platform.quote();
        quote[flipped] ^= 1;
        Judged.refused(Judged.verdict(platform, new Evidence(quote, Optional.empty()), collateral, Judged.policy("")), items);
    }
}
