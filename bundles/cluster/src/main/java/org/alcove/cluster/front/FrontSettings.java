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
import org.alcove.configuration.GivenValues;

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

    /**
     * Reads it.
     *
     * @throws IOException if a secret or certificate cannot be read; the message says what to correct
     * @throws IllegalArgumentException if a value cannot be; the message names it
     */
    static FrontSettings of(GivenValues values) throws IOException {
        URI controller = PeerAddress.parse(values.text("controller")).orElseThrow(() -> values.refusal("controller",
                "give scheme, host and port only, for example http://127.0.0.1:21001"));
        String file = values.text("secret_file");
        Optional<Secret> secret = file.isEmpty() ? Optional.empty() : Optional.of(Secret.read(Path.of(file)));
        PeerSettings peers = PeerSettings.of(secret, TlsFiles.of(values), seconds(values, "connect_seconds"),
                seconds(values, "answer_seconds"), values.flag("behind_tls_proxy"));
        return new FrontSettings(controller, seconds(values, "poll_seconds"), seconds(values, "gone_after_seconds"),
                RemoteSettings.stalling(seconds(values, "stall_seconds")), peers);
    }

    private static Duration seconds(GivenValues values, String key) {
        return Duration.ofSeconds(values.integer(key, 1));
    }
}
