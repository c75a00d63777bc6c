package org.alcove.sealing;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.KDF;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.HKDFParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** HKDF-SHA256 and AES-256-GCM as the JDK has them, and bytes put together. */
final class Primitives {

    static final int KEY_BYTES = 32;
    static final int NONCE_BYTES = 12;
    static final int TAG_BYTES = 16;
    private static final int TAG_BITS = 8 * TAG_BYTES;

    private Primitives() {
    }

    static byte[] extract(byte[] salt, byte[] material) {
        return derive(HKDFParameterSpec.ofExtract().addSalt(salt).addIKM(material).extractOnly());
    }

    static byte[] expand(byte[] key, byte[] info, int length) {
        return derive(HKDFParameterSpec.expandOnly(new SecretKeySpec(key, "HKDF"), info, length));
    }

    private static byte[] derive(HKDFParameterSpec spec) {
        try {
            return KDF.getInstance("HKDF-SHA256").deriveData(spec);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has no HKDF-SHA256; run Alcove on JDK 25 or later", e);
        }
    }

    /** The nonce of a message: the base with the message's number xored into its last eight bytes (RFC 9180, 5.2). */
    static byte[] nonce(byte[] base, long number) {
        ByteBuffer nonce = ByteBuffer.wrap(base.clone());
        nonce.putLong(NONCE_BYTES - Long.BYTES, nonce.getLong(NONCE_BYTES - Long.BYTES) ^ number);
        return nonce.array();
    }

    static byte[] seal(byte[] key, byte[] nonce, byte[] aad, byte[] plain) {
        try {
            return cipher(Cipher.ENCRYPT_MODE, key, nonce, aad).doFinal(plain);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-256-GCM does not work in this JDK", e);
        }
    }

    /** @param what to begin the message with, where it cannot be opened */
    static byte[] open(byte[] key, byte[] nonce, byte[] aad, byte[] sealed, String what) throws SealingException {
        try {
            return cipher(Cipher.DECRYPT_MODE, key, nonce, aad).doFinal(sealed);
        } catch (AEADBadTagException e) {
            throw new SealingException(SealingException.Kind.DAMAGED, what + " is not what was sealed (" + sealed.length
                    + " bytes): it was changed, is out of order, or belongs elsewhere");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-256-GCM does not work in this JDK", e);
        }
    }

    private static Cipher cipher(int mode, byte[] key, byte[] nonce, byte[] aad) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(aad);
        return cipher;
    }

    static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static byte[] join(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    /** Secrets are overwritten once they have done their work; copies that the JDK makes are its own. */
    static void wipe(byte[]... secrets) {
        for (byte[] secret : secrets) {
            Arrays.fill(secret, (byte) 0);
        }
    }

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
