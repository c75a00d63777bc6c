package org.alcove.cluster.wire;

import java.net.InetAddress;
import java.net.URI;
import java.util.Optional;

/**
 * The way to a process: where it says it is, and what of that was looked at when it was let in.
 *
 * @param address as it is named: scheme, host and port
 * @param at the machine that the name stood for when it was looked at; absent where the name is resolved each time
 * @param tlsKey the only TLS key it may show, SHA-256 of the public key (SPKI) in small hexadecimal digits; absent where every
 *        one will do whose certificate is good
 */
public record PeerRoute(URI address, Optional<InetAddress> at, Optional<String> tlsKey) {

    /** The way that an address is. */
    public static PeerRoute to(URI address) {
        return new PeerRoute(address, Optional.empty(), Optional.empty());
    }

    /** The same, to none that shows another key. */
    public PeerRoute showing(Optional<String> key) {
        return new PeerRoute(address, at, key);
    }

    /** The same, by the name alone. */
    PeerRoute byName() {
        return new PeerRoute(address, Optional.empty(), tlsKey);
    }

    /** Whether this is more than an address. */
    boolean bound() {
        return at.isPresent() || tlsKey.isPresent();
    }

    /** Whether connections along it are TLS. */
    boolean encrypted() {
        return "https".equalsIgnoreCase(address.getScheme());
    }

    /** The address with the machine in the place of its name. */
    URI target() {
        return at.map(machine -> {
            String literal = machine.getHostAddress();
            return URI.create(address.getScheme() + "://" + (literal.contains(":") ? "[" + literal + "]" : literal)
                    + (address.getPort() < 0 ? "" : ":" + address.getPort()));
        }).orElse(address);
    }
}
