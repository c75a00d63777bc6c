package org.alcove.launcher;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Hashes that every Java has. */
final class Digests {

    private Digests() {
    }

    static String sha256(byte[] bytes) {
        return HexFormat.of().formatHex(hash("SHA-256", bytes));
    }

    static byte[] hash(String algorithm, byte[] bytes) {
        try {
            return MessageDigest.getInstance(algorithm).digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java has no " + algorithm, e);
        }
    }
}
