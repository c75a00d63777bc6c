package org.alcove.cluster.door;

import jakarta.servlet.http.HttpServletRequest;
import java.net.InetAddress;
import java.util.Optional;
import org.alcove.cluster.wire.Secret;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides who may speak. Where a secret is shared or certificates are in use, everybody shows one of them, peers on the same
 * machine as well. Where there is neither, only this machine is let in. FastChat's peers have nothing to show; they are let in
 * from the addresses that are trusted, to FastChat's own paths. No browser is let in: pages of others could speak through it.
 */
public final class Guard {

    private static final Logger LOG = LoggerFactory.getLogger(Guard.class);
    private static final String CERTIFICATES = "jakarta.servlet.request.X509Certificate";

    private final Optional<Secret> secret;
    private final boolean certificates;
    private final AddressRanges trusted;

    /**
     * Checks that there is something to show where strangers can come.
     *
     * @param reachable whether other machines reach this process
     * @param credentials what peers show
     * @param trusted where FastChat's peers may come from
     * @throws IllegalArgumentException if anybody could come in
     */
    public Guard(boolean reachable, Credentials credentials, AddressRanges trusted) {
        this.secret = credentials.secret();
        this.certificates = credentials.certificates();
        this.trusted = trusted;
        if (reachable && secret.isEmpty() && !certificates) {
            throw new IllegalArgumentException("other machines can reach this process, and it could not tell who belongs to the"
                    + " cluster; give all of its processes the same --cluster-secret FILE, or certificates with --cluster-ca"
                    + " FILE.p12, or let it listen on 127.0.0.1");
        }
    }

    /** Says in the log who is let in without showing anything. */
    public void announce() {
        if (!trusted.isEmpty()) {
            LOG.warn("FastChat peers from {} are let in without authentication (trust_fastchat): whoever is there may register"
                    + " workers, be sent prompts and ask for answers", trusted);
        }
    }

    /**
     * Lets a peer in.
     *
     * @param foreign whether the path is one of FastChat's
     * @throws Refusal if it may not come in
     */
    public Standing admit(HttpServletRequest request, boolean foreign) {
        if (request.getHeader("Origin") != null || request.getHeader("Sec-Fetch-Site") != null) {
            throw Refusal.of(403, "browser_refused", "requests from web pages are refused: only processes of the cluster speak"
                    + " here");
        }
        InetAddress peer = peer(request);
        boolean own = secret.isEmpty() && !certificates ? fromHere(request, peer) : shows(request);
        if (own) {
            return Standing.OWN;
        }
        if (foreign && trusted.contains(peer)) {
            return Standing.FOREIGN;
        }
        throw Refusal.of(401, "unauthenticated", peer.getHostAddress() + " has not shown that it belongs to the cluster; "
                + (foreign ? "give it the cluster's secret or certificate, or trust its address with --trust-fastchat CIDR"
                : "give it the same --cluster-secret FILE, or a certificate of the same --cluster-ca"));
    }

    /** Where a request comes from. */
    public static InetAddress peer(HttpServletRequest request) {
        return InetAddress.ofLiteral(request.getRemoteAddr());
    }

    /** The host is looked at too: a page whose name was made to mean this machine asks for that name. */
    private static boolean fromHere(HttpServletRequest request, InetAddress peer) {
        if (!peer.isLoopbackAddress()) {
            return false;
        }
        String host = request.getServerName();
        if (!"localhost".equalsIgnoreCase(host) && !loopbackLiteral(host)) {
            throw Refusal.of(403, "host_refused", "this process is asked for by a name that is not its own; ask for it as"
                    + " 127.0.0.1 or localhost");
        }
        return true;
    }

    private static boolean loopbackLiteral(String host) {
        try {
            return InetAddress.ofLiteral(host).isLoopbackAddress();
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private boolean shows(HttpServletRequest request) {
        return secret.isPresent() && secret.get().shownBy(request.getHeader("Authorization"))
                || certificates && request.getAttribute(CERTIFICATES) instanceof Object[] shown && shown.length > 0;
    }
}
