package org.alcove.sealing;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.spec.NamedParameterSpec;
import java.security.spec.XECPrivateKeySpec;
import java.security.spec.XECPublicKeySpec;
import java.util.Arrays;
import javax.crypto.KeyAgreement;

/** A pair of X25519 keys: whoever has the public one can seal, the holder of the pair opens. */
public final class HpkeKeys implements AutoCloseable {

    /** Bytes of a public key, and of a private one. */
    public static final int BYTES = 32;

    private static final byte BASE_POINT = 9;

    private final byte[] secret;
    private final byte[] open;
    private volatile boolean closed;

    private HpkeKeys(byte[] secret) {
        this.secret = secret.clone();
        byte[] base = new byte[BYTES];
        base[0] = BASE_POINT;
        try {
            this.open = agree(secret, base);
        } catch (InvalidKeyException e) {
            throw new IllegalArgumentException("these " + secret.length + " bytes are no X25519 key", e);
        }
    }

    /** A new pair. */
    public static HpkeKeys generate() {
        byte[] secret = new byte[BYTES];
        new SecureRandom().nextBytes(secret);
        try {
            return new HpkeKeys(secret);
        } finally {
            Arrays.fill(secret, (byte) 0);
        }
    }

    /** The pair of this private key of 32 bytes. */
    static HpkeKeys of(byte[] secret) {
        return new HpkeKeys(secret);
    }

    /** The public key, 32 bytes as RFC 7748 writes it. */
    public byte[] publicKey() {
        return open.clone();
    }

    /**
     * The secret shared with the holder of another public key.
     *
     * @throws InvalidKeyException if that is no key, or a point that makes every secret the same
     */
    byte[] agree(byte[] other) throws InvalidKeyException {
        if (closed) {
            throw new IllegalStateException("the private key was wiped when this pair was closed");
        }
        return agree(secret, other);
    }

    /** Wipes the private key: this pair opens nothing more. */
    @Override
    public void close() {
        closed = true;
        Primitives.wipe(secret);
    }

    private static byte[] agree(byte[] secret, byte[] other) throws InvalidKeyException {
        if (other.length != BYTES) {
            throw new InvalidKeyException("the key has " + other.length + " bytes, an X25519 key has " + BYTES);
        }
        try {
            KeyFactory keys = KeyFactory.getInstance("X25519");
            PrivateKey own = keys.generatePrivate(new XECPrivateKeySpec(NamedParameterSpec.X25519, secret));
            PublicKey peer = keys.generatePublic(new XECPublicKeySpec(NamedParameterSpec.X25519, number(other)));
            KeyAgreement agreement = KeyAgreement.getInstance("X25519");
            agreement.init(own);
            agreement.doPhase(peer, true);
            return agreement.generateSecret();
        } catch (InvalidKeyException e) {
            throw e;
        } catch (GeneralSecurityException e) {
            throw new InvalidKeyException("X25519 does not take this key", e);
        }
    }

    /** RFC 7748 writes the least byte first, and ignores the highest bit. */
    private static BigInteger number(byte[] key) {
        byte[] big = new byte[BYTES];
        for (int i = 0; i < BYTES; i++) {
            big[i] = key[BYTES - 1 - i];
        }
        big[0] &= 0x7f;
        return new BigInteger(1, big);
    }
}
