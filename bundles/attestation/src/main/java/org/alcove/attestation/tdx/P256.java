package org.alcove.attestation.tdx;

import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECFieldFp;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.util.Arrays;
import org.alcove.attestation.AttestationException;

/**
 * ECDSA with SHA-256 on NIST P-256, keys and signatures as quotes and TCB info carry them: two big-endian numbers of 32
 * bytes.
 */
final class P256 {
    static final int PAIR = 64;
    private static final ECParameterSpec CURVE = curve();

    private P256() {
    }

    /** A key from x and y. The JDK takes points off the curve; we do not. */
    static PublicKey key(byte[] pair) throws AttestationException {
        BigInteger x = new BigInteger(1, Arrays.copyOf(pair, PAIR / 2));
        BigInteger y = new BigInteger(1, Arrays.copyOfRange(pair, PAIR / 2, PAIR));
        BigInteger p = ((ECFieldFp) CURVE.getCurve().getField()).getP();
        BigInteger right = x.pow(3).add(CURVE.getCurve().getA().multiply(x)).add(CURVE.getCurve().getB()).mod(p);
        if (x.compareTo(p) >= 0 || y.compareTo(p) >= 0 || !y.pow(2).mod(p).equals(right)) {
            throw new AttestationException("the attestation key is no point of P-256");
        }
        try {
            return KeyFactory.getInstance("EC").generatePublic(new ECPublicKeySpec(new ECPoint(x, y), CURVE));
        } catch (GeneralSecurityException e) {
            throw new AttestationException("the attestation key is refused: " + e.getMessage(), e);
        }
    }

    /**
     * Verifies a signature.
     *
     * @param pair r and s; each must lie in 1 to n - 1, so that no other spelling of a good signature is accepted
     */
    static boolean verifies(PublicKey key, byte[] signed, byte[] pair) {
        if (pair.length != PAIR || !on(key) || !inRange(pair, 0) || !inRange(pair, PAIR / 2)) {
            return false;
        }
        try {
            Signature signature = Signature.getInstance("SHA256withECDSAinP1363Format");
            signature.initVerify(key);
            signature.update(signed);
            return signature.verify(pair);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    /** Whether a key is one of P-256. */
    static boolean on(PublicKey key) {
        return key instanceof ECPublicKey ec && ec.getParams().getCurve().equals(CURVE.getCurve())
                && ec.getParams().getGenerator().equals(CURVE.getGenerator())
                && ec.getParams().getOrder().equals(CURVE.getOrder());
    }

    private static boolean inRange(byte[] pair, int from) {
        BigInteger number = new BigInteger(1, Arrays.copyOfRange(pair, from, from + PAIR / 2));
        return number.signum() > 0 && number.compareTo(CURVE.getOrder()) < 0;
    }

    private static ECParameterSpec curve() {
        try {
            AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
            parameters.init(new ECGenParameterSpec("secp256r1"));
            return parameters.getParameterSpec(ECParameterSpec.class);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has no P-256; nothing can be verified with it", e);
        }
    }
}
