package org.alcove.cluster.front;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.alcove.cluster.remote.RemoteSettings;
import org.alcove.cluster.wire.PeerAddress;
import org.alcove.cluster.wire.PeerSettings;
import org.alcove.cluster.wire.Secret;
import org.alcove.cluster.wire.TlsFiles;

/**
 * The configuration, checked.
 *
 * @param controller its address
 * @param poll how often it is asked which workers there are
 * @param gone how long a worker that is listed no more is kept
 * @param workers what is borne with from workers
 * @param peers how others are spoken to
 */
record FrontSettings(URI controller, Duration poll, Duration gone, RemoteSettings workers, PeerSettings peers) {

    static final int DEFAULT_POLL_SECONDS = 2;
    static final int DEFAULT_STALL_SECONDS = 10;
    static final int DEFAULT_GONE_SECONDS = 60;
    static final int DEFAULT_CONNECT_SECONDS = 2;
    static final int DEFAULT_ANSWER_SECONDS = 10;

    /** @throws IOException if it cannot be used; the message says what to correct */
    static FrontSettings of(ApiConfiguration configuration) throws IOException {
        URI controller = PeerAddress.parse(configuration.controller()).orElseThrow(() -> new IOException(
                "controller is \"" + configuration.controller() + "\"; give scheme, host and port only, for example"
                        + " http://127.0.0.1:21001"));
        Optional<Secret> secret = configuration.secret__file().isEmpty() ? Optional.empty()
                : Optional.of(Secret.read(Path.of(configuration.secret__file())));
        TlsFiles tls = new TlsFiles(configuration.ca__file(), configuration.ca__password(), configuration.keystore__file(),
                configuration.keystore__password());
        PeerSettings peers = PeerSettings.of(secret, tls, seconds("connect_seconds", configuration.connect__seconds()),
                seconds("answer_seconds", configuration.answer__seconds()), configuration.behind__tls__proxy());
        return new FrontSettings(controller, seconds("poll_seconds", configuration.poll__seconds()),
                seconds("gone_after_seconds", configuration.gone__after__seconds()),
                RemoteSettings.stalling(seconds("stall_seconds", configuration.stall__seconds())), peers);
    }

    private static Duration seconds(String property, int value) throws IOException {
        if (value < 1) {
            throw new IOException(property + " is " + value + "; give 1 or more");
        }
        return Duration.ofSeconds(value);
    }
}
