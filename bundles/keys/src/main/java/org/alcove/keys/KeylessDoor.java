package org.alcove.keys;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/**
 * Who may come in where no key is asked for: programs, our own pages, and those of the given origins.
 *
 * <p>A page of somebody else could make its reader's browser ask. Browsers tell whose page it is ({@code Origin}); but for them a
 * page is our own as well when its name was made to mean this machine. So the server is asked by an address or a name of its own,
 * which no page can have. A proxy that terminates TLS passes on names that nobody here knows: there a page of such a name is our
 * own if it came over TLS, for whoever makes a name mean this machine has no certificate. What a page of such a name reads
 * without telling whose it is, the proxy has to refuse.
 *
 * @param origins of pages of others, {@code *} for all
 * @param ownHost the name or address the server is bound to, or empty
 * @param behindTlsProxy whether a proxy in front of the server terminates TLS
 */
public record KeylessDoor(List<String> origins, String ownHost, boolean behindTlsProxy) {

    /** Longest part of a name that is repeated to who sent it. */
    private static final int MOST_CHARACTERS = 40;

    /** Copies. */
    public KeylessDoor {
        origins = List.copyOf(origins);
    }

    /**
     * Why somebody may not come in.
     *
     * @param code for programs
     * @param message for people
     */
    public record Refusal(String code, String message) {
    }

    /** Whether pages of this origin are given. */
    public boolean isGiven(String origin) {
        return origins.contains(origin) || origins.contains("*");
    }

    /**
     * Why this one may not come in, if he may not.
     *
     * @param name by which the server is asked
     * @param host the same with its port, as the header {@code Host} says it
     * @param origin whose page asks, or null where no page does
     * @param secure whether it came over TLS to this process itself
     */
    public Optional<Refusal> refusal(String name, String host, String origin, boolean secure) {
        boolean known = "localhost".equalsIgnoreCase(name) || ownHost.equalsIgnoreCase(name) || isAddress(name);
        if (!known && !behindTlsProxy && !secure) {
            String told = name.length() <= MOST_CHARACTERS ? name : name.substring(0, MOST_CHARACTERS) + "…";
            return Optional.of(new Refusal("host_not_allowed", "without a key this server is asked by localhost or an address,"
                    + " not by the name \"" + told + "\"; use its address in the URL, make a key, or say --behind-tls-proxy"
                    + " where a proxy passes this name on"));
        }
        boolean own = origin == null || isGiven(origin) || origin.equalsIgnoreCase("https://" + host)
                || known && origin.equalsIgnoreCase("http://" + host);
        return own ? Optional.empty() : Optional.of(new Refusal("origin_not_allowed", "pages of this origin may not call; name it"
                + " in cors_origins of org.alcove.openai, or let the proxy in front pass on Host with its port"));
    }

    /** Nothing is looked up. */
    private static boolean isAddress(String host) {
        try {
            return InetAddress.ofLiteral(host) != null;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
