package org.alcove.cluster.hub;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;
import org.alcove.cluster.door.AddressRanges;
import org.alcove.cluster.door.Refusal;
import org.alcove.cluster.wire.PeerAddress;
import org.alcove.cluster.wire.PeerRoute;

/** Looks at the address a worker gives, before anybody is sent there. */
final class Surveyor {

    private static final int MOST_PORTS = 65_535;
    private static final int MOST_CHARACTERS = 512;

    private final AddressRanges trusted;
    private final Resolver resolver;

    /** Finds the addresses of a host. */
    @FunctionalInterface
    interface Resolver {
        InetAddress[] resolve(String host) throws UnknownHostException;
    }

    Surveyor(AddressRanges trusted, Resolver resolver) {
        this.trusted = trusted;
        this.resolver = resolver;
    }

    /**
     * The address a name stands for.
     *
     * @throws Refusal if it is none
     */
    static URI address(String name) {
        if (name.length() > MOST_CHARACTERS) {
            throw bad("the worker's address has " + name.length() + " characters; at most " + MOST_CHARACTERS + " are taken");
        }
        URI address = PeerAddress.parse(name).orElseThrow(() -> bad("the worker's name must be its address like"
                + " http://10.0.0.7:21002: http or https, a host and a port, and no user, path, query or fragment"));
        if (address.getPort() > MOST_PORTS || address.getPort() == 0) {
            throw bad("the worker's address has the port " + address.getPort() + "; it must be 1 to " + MOST_PORTS);
        }
        return address;
    }

    /**
     * Checks where an address leads. A name is resolved once: who is sent there goes to the machine that was checked, whatever
     * the name may stand for a moment later.
     *
     * @param peer where the worker speaks from
     * @param here whether that is this machine
     * @param foreign whether it is one of FastChat's, which have nothing to show: they may name themselves and those that are
     *        trusted, and nobody else
     * @return the way there
     * @throws Refusal if nobody must be sent there
     */
    PeerRoute check(URI address, InetAddress peer, boolean here, boolean foreign) {
        List<InetAddress> targets = resolve(address.getHost());
        for (InetAddress target : targets) {
            if (target.isAnyLocalAddress() || target.isMulticastAddress()) {
                throw bad("the worker says it is at " + address + ", where nobody can be; give it the address by which others"
                        + " reach it (--advertise URL)");
            }
            if (target.isLoopbackAddress() && !here) {
                throw bad("the worker says it is at " + address + ", which is this machine, but speaks from "
                        + peer.getHostAddress() + "; give it the address by which others reach it (--advertise URL)");
            }
            boolean itself = target.equals(peer) || target.isLoopbackAddress() && here;
            if (foreign && !itself && !trusted.contains(target)) {
                throw Refusal.of(403, "address_refused", "a FastChat worker at " + peer.getHostAddress() + " says it is at "
                        + address + " (" + target.getHostAddress() + "), which is neither itself nor trusted; add the address to"
                        + " --trust-fastchat, or have the worker name its own");
            }
        }
        return literal(address.getHost()) ? PeerRoute.to(address)
                : new PeerRoute(address, Optional.of(targets.getFirst()), Optional.empty());
    }

    private static boolean literal(String host) {
        try {
            InetAddress.ofLiteral(host.startsWith("[") ? host.substring(1, host.length() - 1) : host);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private List<InetAddress> resolve(String host) {
        try {
            return List.of(resolver.resolve(host));
        } catch (UnknownHostException e) {
            throw bad("the worker says it is at " + host + ", a name that is not known here; give it an address by which the"
                    + " controller reaches it (--advertise URL)");
        }
    }

    /** An address that does not answer as it should. */
    static Refusal unreachable(URI address, IOException why) {
        return Refusal.of(400, "unreachable", "the controller cannot reach the worker at " + address + ": " + why.getMessage()
                + "; give it the address by which the controller reaches it (--advertise URL)");
    }

    static Refusal bad(String message) {
        return Refusal.of(400, "bad_address", message);
    }
}
