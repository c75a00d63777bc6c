package org.alcove.cluster.door;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.alcove.cluster.wire.PeerSettings;
import org.alcove.cluster.wire.Secret;
import org.alcove.cluster.wire.TlsFiles;
import org.alcove.configuration.GivenValues;

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
     * Those that a configuration names; the secret is read.
     *
     * @throws IOException if it cannot be read or cannot be a secret
     */
    public static Credentials read(GivenValues values) throws IOException {
        String file = values.text("secret_file").strip();
        return new Credentials(file.isEmpty() ? Optional.empty() : Optional.of(Secret.read(Path.of(file))),
                TlsFiles.of(values));
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
