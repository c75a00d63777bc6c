package org.alcove.weights.sealed;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * AES-256-GCM over the chunks of one file. The nonce is the chunk's number, for the key is of this file alone; the header, the
 * number and whether it is the last chunk are authenticated with it. For one thread.
 *
 * <p>The JDK's cipher has the processor's instructions for it only in code that its compiler has optimised, and is a hundred
 * times slower before. Two things bring that about in some tens of milliseconds: {@link #practise}, and flags of the roles that
 * serve ({@code lib/sealed.flags}), by which the few methods concerned are optimised after some tens of calls instead of some
 * ten thousands. Arrays are opened faster than buffers outside the heap, which the JDK copies in pieces of 512 bytes.
 */
final class ChunkCipher {

    private static final int NONCE_BYTES = 12;
    /** The least that takes the same way through the JDK as a chunk does: the less, the sooner a round is over. */
    private static final int PRACTICE_BYTES = 512;
    private static final int PRACTICE_ROUNDS = 150;

    private final Cipher cipher;
    private final SecretKey key;
    private final byte[] headerDigest;

    /** @param headerDigest SHA-256 of the header */
    ChunkCipher(byte[] key, byte[] headerDigest) {
        this.key = new SecretKeySpec(key, "AES");
        this.headerDigest = headerDigest.clone();
        try {
            this.cipher = Cipher.getInstance("AES/GCM/NoPadding");
        } catch (GeneralSecurityException e) {
            throw broken(e);
        }
    }

    /**
     * Opens something of no meaning some times over, so that the first chunk finds the cipher optimised. By small pieces, because
     * those methods that the processor's instructions replace are then not called often enough to be optimised for nothing.
     */
    static void practise() {
        ChunkCipher cipher = new ChunkCipher(new byte[ModelKey.BYTES], new byte[ModelKey.BYTES]);
        byte[] sealed = new byte[PRACTICE_BYTES + SealedHeader.TAG_BYTES];
        byte[] plain = new byte[PRACTICE_BYTES];
        cipher.seal(0, true, ByteBuffer.allocate(PRACTICE_BYTES), ByteBuffer.wrap(sealed));
        try {
            for (int i = 0; i < PRACTICE_ROUNDS; i++) {
                cipher.open(0, true, sealed, sealed.length, plain);
            }
        } catch (AEADBadTagException e) {
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
     * Opens the first bytes of {@code sealed}, the tag at their end, into the beginning of {@code plain}.
     *
     * @throws AEADBadTagException if it is not what was sealed as this chunk of this file
     */
    void open(int chunk, boolean last, byte[] sealed, int sealedBytes, byte[] plain) throws AEADBadTagException {
        try {
            begin(Cipher.DECRYPT_MODE, chunk, last);
            cipher.doFinal(sealed, 0, sealedBytes, plain, 0);
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
        return new IllegalStateException("AES-256-GCM does not work in this JDK", e);
    }
}
