package org.alcove.accounts;

import java.security.SecureRandom;
import java.util.Base64;

/** Draws passwords that nobody guesses and a person can copy. */
final class Secrets {

    /** 120 bits, 20 characters. */
    private static final int BYTES = 15;

    private Secrets() {
    }

    static String draw(SecureRandom random) {
        byte[] bytes = new byte[BYTES];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
