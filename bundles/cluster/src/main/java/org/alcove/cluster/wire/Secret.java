package org.alcove.cluster.wire;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The secret that the processes of a cluster share. It is never printed. */
public final class Secret {

    /** Fewest characters; shorter ones can be guessed. */
    static final int MIN_LENGTH = 16;

    private static final int MAX_BYTES = 4096;
    private static final String SCHEME = "Bearer ";

    private final String value;
    private final byte[] digest;

    private Secret(String value) {
        this.value = value;
        this.digest = digest(value);
    }

    /**
     * Takes a secret.
     *
     * @param origin where it comes from, for messages
     * @throws IOException if it is too short or holds characters that a header cannot
     */
    public static Secret of(String text, String origin) throws IOException {
        String value = text.strip();
        if (value.length() < MIN_LENGTH) {
            throw new IOException(origin + " holds a secret of " + value.length() + " characters; at least " + MIN_LENGTH
                    + " are needed, write a longer one (openssl rand -base64 32)");
        }
        if (!value.chars().allMatch(c -> c > ' ' && c < 127)) {
            throw new IOException(origin + " must hold one line of printable ASCII characters without spaces");
        }
        return new Secret(value);
    }

    /** Reads the secret from a file that holds nothing else. */
    public static Secret read(Path file) throws IOException {
        if (!Files.isReadable(file)) {
            throw new IOException("the secret " + file + " cannot be read; correct cluster_secret or the file's permissions");
        }
        if (Files.size(file) > MAX_BYTES) {
            throw new IOException("the secret " + file + " has " + Files.size(file) + " bytes, at most " + MAX_BYTES
                    + " are read; give a file that holds the secret alone");
        }
        return of(Files.readString(file), file.toString());
    }

    /** The value of the header {@code Authorization}. */
    public String authorization() {
        return SCHEME + value;
    }

    /** Whether the header {@code Authorization}, or null, shows this secret; takes as long for each wrong one. */
    public boolean shownBy(String authorization) {
        return authorization != null && authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
                && MessageDigest.isEqual(digest, digest(authorization.substring(SCHEME.length()).strip()));
    }

    /** Equal lengths, whatever was sent. */
    private static byte[] digest(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    @Override
    public String toString() {
        return "(a secret)";
    }
}
