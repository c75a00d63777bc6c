package org.alcove.cluster.node;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import org.alcove.cluster.door.AddressRanges;
import org.alcove.cluster.door.Credentials;
import org.alcove.cluster.door.Guard;
import org.alcove.cluster.door.Limits;
import org.alcove.cluster.wire.PeerSettings;
import org.alcove.configuration.GivenValues;

/**
 * The configuration, checked.
 *
 * @param controller who is to know this process
 * @param address where this process is reached
 * @param peers how others are spoken to
 * @param guard who may speak
 * @param limits how much they may say
 * @param heartbeat how often a FastChat controller is told
 * @param drain how long answers may go on when this process stops
 */
record NodeSettings(URI controller, URI address, PeerSettings peers, Guard guard, Limits limits, Duration heartbeat,
        Duration drain) {

    /**
     * Reads it.
     *
     * @throws IOException if a secret or certificate cannot be read
     * @throws IllegalArgumentException if a value cannot be; the message names it
     */
    static NodeSettings of(GivenValues values) throws IOException {
        Credentials credentials = Credentials.read(values);
        return new NodeSettings(address(values, "controller"), address(values, "address"),
                credentials.peers(Duration.ofSeconds(values.integer("answer_seconds", 1)), values.flag("behind_tls_proxy")),
                new Guard(values.flag("reachable"), credentials, AddressRanges.trusted(values)), Limits.of(values),
                Duration.ofSeconds(values.integer("heartbeat_seconds", 1)),
                Duration.ofSeconds(values.integer("drain_seconds", 0)));
    }

    private static URI address(GivenValues values, String key) {
        String possible = "give an address like http://10.0.0.1:21001";
        try {
            URI address = URI.create(values.text(key).strip().replaceFirst("/$", ""));
            if (address.getHost() == null || address.getScheme() == null || !address.getScheme().matches("https?")) {
                throw values.refusal(key, possible);
            }
            return address;
        } catch (IllegalArgumentException e) {
            throw values.refusal(key, possible);
        }
    }
}
