package org.alcove.openai;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which pages may call from a browser: our own, and those of the given origins.
 *
 * <p>Where no key is asked for, a page of somebody else could make its reader's browser ask. Browsers tell whose page it is
 * ({@code Origin}); but for them a page is our own as well when its name was made to mean this machine. So the server is asked by
 * an address or a name of its own, which no page can have. A proxy that terminates TLS passes on names that nobody here knows:
 * there a page of such a name is our own if it came over TLS, for whoever makes a name mean this machine has no certificate.
 *
 * @param origins of pages of others, {@code *} for all
 * @param ownHost the name or address the server is bound to, or empty
 * @param behindTlsProxy whether a proxy in front of the server terminates TLS
 */
record Cors(List<String> origins, String ownHost, boolean behindTlsProxy) {

    private static final Set<String> HEADERS = Set.of("authorization", "content-type", "accept", "openai-organization",
            "openai-project", "openai-beta", "x-client-request-id", "idempotency-key");
    /** Clients made by Stainless send a dozen of these. */
    private static final String CLIENT_PREFIX = "x-stainless-";

    Cors {
        origins = List.copyOf(origins);
    }

    Cors(List<String> origins) {
        this(origins, "", false);
    }

    /** Adds what a browser must see to hand the answer to the page; whether the request comes from no page or a given one. */
    boolean allow(HttpServletRequest request, HttpServletResponse response) {
        String origin = request.getHeader("Origin");
        if (!origins.isEmpty()) {
            response.addHeader("Vary", "Origin");
        }
        if (origin == null) {
            return true;
        }
        if (!isGiven(origin)) {
            return false;
        }
        response.setHeader("Access-Control-Allow-Origin", origin);
        response.setHeader("Access-Control-Expose-Headers",
                "x-request-id, openai-processing-ms, retry-after, retry-after-ms, x-client-request-id, "
                        + String.join(", ", Pass.HEADERS));
        return true;
    }

    private boolean isGiven(String origin) {
        return origins.contains(origin) || origins.contains("*");
    }

    /**
     * Refuses pages of others, and whoever asks by a name that is not the server's. Not for those who show a key: no page has
     * one unless its reader gave it one, and a foreign one would have to ask first whether it may show it.
     *
     * @throws ApiException if it may not ask
     */
    void requireOwn(HttpServletRequest request) {
        String name = request.getServerName();
        boolean known = "localhost".equalsIgnoreCase(name) || ownHost.equalsIgnoreCase(name) || isAddress(name);
        if (!known && !behindTlsProxy && !request.isSecure()) {
            throw ApiException.request(403, "host_not_allowed", "without a key this server is asked by localhost or an address,"
                    + " not by the name \"" + Value.shortened(name) + "\"; use its address in the URL, make a key, or say"
                    + " --behind-tls-proxy where a proxy passes this name on");
        }
        String origin = request.getHeader("Origin");
        String host = request.getHeader("Host");
        if (origin != null && !isGiven(origin) && !origin.equalsIgnoreCase("https://" + host)
                && !(known && origin.equalsIgnoreCase("http://" + host))) {
            throw foreign();
        }
    }

    /** Nothing is looked up. */
    private static boolean isAddress(String host) {
        try {
            return InetAddress.ofLiteral(host) != null;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** A page may not call. */
    static ApiException foreign() {
        return ApiException.request(403, "origin_not_allowed",
                "pages of this origin may not call; name it in cors_origins of org.alcove.openai");
    }

    static boolean isPreflight(HttpServletRequest request) {
        return request.getMethod().equals("OPTIONS") && request.getHeader("Origin") != null
                && request.getHeader("Access-Control-Request-Method") != null;
    }

    /** Answers the question a browser asks before the request of an allowed page. */
    static void preflight(HttpServletRequest request, HttpServletResponse response) {
        String asked = request.getHeader("Access-Control-Request-Headers");
        String allowed = Arrays.stream((asked == null ? "" : asked).split(","))
                .map(name -> name.strip().toLowerCase(Locale.ROOT))
                .filter(name -> HEADERS.contains(name) || name.startsWith(CLIENT_PREFIX))
                .collect(Collectors.joining(", "));
        response.setStatus(HttpServletResponse.SC_NO_CONTENT);
        response.setHeader("Access-Control-Allow-Methods", "GET, POST, OPTIONS");
        response.setHeader("Access-Control-Allow-Headers", allowed);
        response.setHeader("Access-Control-Max-Age", "600");
    }
}
