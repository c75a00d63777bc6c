package org.alcove.chat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Seals what lies in the box of one reader, with the code that the reader brings along and the server keeps nowhere: whoever has
 * the disk alone reads nothing. AES-256 in GCM; a sealed text is 12 random bytes, the ciphertext and the tag, and belongs to its
 * name.
 */
final class Seal {

    /** Bytes that a sealed text begins with. */
    static final int NONCE = 12;
    private static final int TAG_BITS = 128;

    private final String box;
    private final SecretKeySpec key;
    private final SecureRandom random = new SecureRandom();

    /**
     * With a code.
     *
     * @param holder whose API key it came with, so that the same code of another holder is another box
     */
    Seal(String code, String holder) {
        this.box = HexFormat.of().formatHex(derived(code, "box " + holder));
        this.key = new SecretKeySpec(derived(code, "key " + holder), "AES");
    }

    private static byte[] derived(String code, String purpose) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(code.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return mac.doFinal(purpose.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has HmacSHA256", e);
        }
    }

    /** Name of the box, from which the code cannot be told. */
    String box() {
        return box;
    }

    /** Of a sealed text, in hexadecimal: the random bytes it begins with, which tell nothing and are others each time. */
    static String revision(byte[] sealed) {
        return HexFormat.of().formatHex(sealed, 0, Math.min(NONCE, sealed.length));
    }

    byte[] close(String name, byte[] text) {
        byte[] nonce = new byte[NONCE];
        random.nextBytes(nonce);
        try {
            byte[] sealed = cipher(Cipher.ENCRYPT_MODE, name, nonce).doFinal(text);
            byte[] whole = Arrays.copyOf(nonce, NONCE + sealed.length);
            System.arraycopy(sealed, 0, whole, NONCE, sealed.length);
            return whole;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has AES in GCM", e);
        }
    }

    /**
     * What was sealed.
     *
     * @throws IOException if it was not sealed with this code under this name, or is damaged
     */
    byte[] open(String name, byte[] sealed) throws IOException {
        if (sealed.length < NONCE) {
            throw new IOException("it has " + sealed.length + " bytes, fewer than the " + NONCE + " it begins with");
        }
        try {
            return cipher(Cipher.DECRYPT_MODE, name, Arrays.copyOf(sealed, NONCE)).doFinal(sealed, NONCE, sealed.length - NONCE);
        } catch (GeneralSecurityException e) {
            throw new IOException("it is damaged, or was put there by somebody else", e);
        }
    }

    private Cipher cipher(int mode, String name, byte[] nonce) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(name.getBytes(StandardCharsets.UTF_8));
        return cipher;
    }
}
