package org.alcove.weights.sealed;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.Provider;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * AES-256-GCM over the chunks of one file. The nonce is the chunk's number, for the key is of this file alone; the header, the
 * number and whether it is the last chunk are authenticated with it. For one thread.
 */
final class ChunkCipher {

    private static final int NONCE_BYTES = 12;
    private static final String CIPHER = "AES/GCM/NoPadding";

    private final Cipher cipher;
    private final SecretKey key;
    private final byte[] headerDigest;

    /**
     * Needs a provider that has the cipher.
     *
     * @param headerDigest SHA-256 of the header
     */
    ChunkCipher(Provider provider, byte[] key, byte[] headerDigest) {
        this.key = new SecretKeySpec(key, "AES");
        this.headerDigest = headerDigest.clone();
        try {
            this.cipher = Cipher.getInstance(CIPHER, provider);
        } catch (GeneralSecurityException e) {
            throw broken(e);
        }
    }

    /** Who has the cipher in this JDK. */
    static Provider jdk() {
        try {
            return Cipher.getInstance(CIPHER).getProvider();
        } catch (GeneralSecurityException e) {
            throw broken(e);
        }
    }

    /** Seals what remains of {@code plain} into {@code sealed}, its tag behind it. */
    void seal(int chunk, boolean last, ByteBuffer plain, ByteBuffer sealed) {
        try {
            begin(Cipher.ENCRYPT_MODE, chunk, last);
            cipher.doFinal(plain, sealed);
        } catch (GeneralSecurityException e) {
            throw broken(e);
        }
    }

    /**
     * Opens what remains of {@code sealed}, the tag at its end, into {@code plain}, without copies if both are outside the heap.
     *
     * @param sealed bytes that nobody changes meanwhile: they are verified and deciphered by reading them twice
     * @throws AEADBadTagException if it is not what was sealed as this chunk of this file; {@code plain} is then zeros
     */
    void open(int chunk, boolean last, ByteBuffer sealed, ByteBuffer plain) throws AEADBadTagException {
        try {
            begin(Cipher.DECRYPT_MODE, chunk, last);
            cipher.doFinal(sealed, plain);
        } catch (AEADBadTagException e) {
            throw e;
        } catch (GeneralSecurityException e) {
            throw broken(e);
        }
    }

    private void begin(int mode, int chunk, boolean last) throws GeneralSecurityException {
        byte[] nonce = ByteBuffer.allocate(NONCE_BYTES).putInt(0).putLong(chunk).array();
        cipher.init(mode, key, new GCMParameterSpec(8 * SealedHeader.TAG_BYTES, nonce));
        cipher.updateAAD(headerDigest);
        cipher.updateAAD(ByteBuffer.allocate(9).putLong(chunk).put((byte) (last ? 1 : 0)).flip());
    }

    private static IllegalStateException broken(GeneralSecurityException e) {
        return new IllegalStateException("AES-256-GCM does not work", e);
    }
}
