package org.alcove.accounts;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/**
 * A password as it is kept: PBKDF2 with HMAC-SHA-512.
 *
 * @param salt in hexadecimal, 16 bytes; drawn for every password, so it also tells one from the next
 * @param hash in hexadecimal, 32 bytes
 * @param rounds of the hash
 */
record HashedPassword(String salt, String hash, int rounds) {

    /** What OWASP's cheat sheet on storing passwords asks of this hash. */
    static final int ROUNDS = 210_000;
    private static final int SALT_BYTES = 16;
    private static final int HASH_BITS = 256;

    static HashedPassword of(String password, int rounds, SecureRandom random) {
        byte[] salt = new byte[SALT_BYTES];
        random.nextBytes(salt);
        String text = HexFormat.of().formatHex(salt);
        return new HashedPassword(text, HexFormat.of().formatHex(hash(password, salt, rounds)), rounds);
    }

    /** No password's, without the work: only what is compared with it is hashed. */
    static HashedPassword nobodys(int rounds, SecureRandom random) {
        byte[] salt = new byte[SALT_BYTES];
        byte[] hash = new byte[HASH_BITS / Byte.SIZE];
        random.nextBytes(salt);
        random.nextBytes(hash);
        return new HashedPassword(HexFormat.of().formatHex(salt), HexFormat.of().formatHex(hash), rounds);
    }

    /** Whether it is this password; takes as long whether or not. */
    boolean matches(String password) {
        HexFormat hex = HexFormat.of();
        return MessageDigest.isEqual(hex.parseHex(hash), hash(password, hex.parseHex(salt), rounds));
    }

    private static byte[] hash(String password, byte[] salt, int rounds) {
        PBEKeySpec spec = new PBEKeySpec(password.toCharArray(), salt, rounds, HASH_BITS);
        try {
            return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA512").generateSecret(spec).getEncoded();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has PBKDF2WithHmacSHA512", e);
        } finally {
            spec.clearPassword();
        }
    }
}
