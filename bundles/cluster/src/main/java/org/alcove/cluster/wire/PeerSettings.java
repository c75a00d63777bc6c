package org.alcove.cluster.wire;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/**
 * How this process speaks to others.
 *
 * @param secret to show to our own processes, if one is shared
 * @param tls certificates to show and to trust; where absent those of the platform are trusted and none is shown
 * @param connect longest wait for a connection
 * @param answer longest wait for the head of an answer, and for the whole of a short one
 * @param maxBodyBytes most bytes of a short answer
 * @param plainSecret whether the secret may go to other machines without TLS, because a proxy or service mesh adds it
 * @param certificates what {@code tls} was made of, for peers that are bound to a key or a machine
 */
public record PeerSettings(Optional<Secret> secret, Optional<SSLContext> tls, Duration connect, Duration answer, int maxBodyBytes,
        boolean plainSecret, PeerTls certificates) {

    /** Most bytes of a short answer, where nothing else is said. */
    public static final int MAX_BODY_BYTES = 8 << 20;

    /** One that binds nobody to a key or a machine. */
    public PeerSettings(Optional<Secret> secret, Optional<SSLContext> tls, Duration connect, Duration answer, int maxBodyBytes,
            boolean plainSecret) {
        this(secret, tls, connect, answer, maxBodyBytes, plainSecret, PeerTls.PLATFORM);
    }

    /**
     * With a short answer of the usual size.
     *
     * @throws IOException if a certificate cannot be read
     */
    public static PeerSettings of(Optional<Secret> secret, TlsFiles files, Duration connect, Duration answer, boolean plainSecret)
            throws IOException {
        Optional<PeerTls> read = files.read();
        return new PeerSettings(secret, files.context(read), connect, answer, MAX_BODY_BYTES, plainSecret,
                read.orElse(PeerTls.PLATFORM));
    }

    /** No secret, no certificates. */
    public static PeerSettings open(Duration connect, Duration answer) {
        return new PeerSettings(Optional.empty(), Optional.empty(), connect, answer, MAX_BODY_BYTES, false);
    }

    /** Whether an address is on this machine, as far as its spelling tells. */
    public static boolean loopback(URI address) {
        String host = address.getHost() == null ? "" : address.getHost().toLowerCase(Locale.ROOT);
        return host.equals("localhost") || host.equals("[::1]") || host.matches("127\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}");
    }

    /** Whether an address is what it says it is: by TLS, on this machine, or by something else that encrypts. */
    public boolean isProtected(URI address) {
        return mayShowSecret(address);
    }

    /** Whether the secret may be shown to this address. */
    boolean mayShowSecret(URI address) {
        return plainSecret || "https".equalsIgnoreCase(address.getScheme()) || loopback(address);
    }
}
