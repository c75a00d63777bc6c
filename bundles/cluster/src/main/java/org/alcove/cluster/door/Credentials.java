package org.alcove.cluster.door;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.alcove.cluster.wire.PeerSettings;
import org.alcove.cluster.wire.Secret;
import org.alcove.cluster.wire.TlsFiles;

/**
 * By what processes of the cluster know each other.
 *
 * @param secret that they share, if they do
 * @param tls their certificates; with an authority among them, its certificates are asked for
 */
public record Credentials(Optional<Secret> secret, TlsFiles tls) {

    /** Nothing. */
    public static final Credentials NONE = new Credentials(Optional.empty(), new TlsFiles("", "", "", ""));

    /**
     * Reads the secret.
     *
     * @param secretFile empty for none
     * @throws IOException if it cannot be read or cannot be a secret
     */
    public static Credentials read(String secretFile, TlsFiles tls) throws IOException {
        String file = secretFile.strip();
        return new Credentials(file.isEmpty() ? Optional.empty() : Optional.of(Secret.read(Path.of(file))), tls);
    }

    /** Whether a certificate of the cluster's authority is as good as the secret. */
    public boolean certificates() {
        return !tls.authority().isEmpty();
    }

    /**
     * How to speak to other processes.
     *
     * @param answer longest wait for an answer
     * @param plainSecret whether something else encrypts
     * @throws IOException if a certificate cannot be read
     */
    public PeerSettings peers(Duration answer, boolean plainSecret) throws IOException {
        return PeerSettings.of(secret, tls, answer, answer, plainSecret);
    }
}
