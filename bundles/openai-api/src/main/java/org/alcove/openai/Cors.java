package org.alcove.openai;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.alcove.keys.KeylessDoor;

/**
 * What browsers are told of pages that may call.
 *
 * @param door knows which pages of others may
 */
record Cors(KeylessDoor door) {

    private static final Set<String> HEADERS = Set.of("authorization", "content-type", "accept", "openai-organization",
            "openai-project", "openai-beta", "x-client-request-id", "idempotency-key");
    /** Clients made by Stainless send a dozen of these. */
    private static final String CLIENT_PREFIX = "x-stainless-";

    Cors(List<String> origins) {
        this(new KeylessDoor(origins, "", false));
    }

    /** Adds what a browser must see to hand the answer to the page; whether the request comes from no page or a given one. */
    boolean allow(HttpServletRequest request, HttpServletResponse response) {
        String origin = request.getHeader("Origin");
        if (!door.origins().isEmpty()) {
            response.addHeader("Vary", "Origin");
        }
        if (origin == null) {
            return true;
        }
        if (!door.isGiven(origin)) {
            return false;
        }
        response.setHeader("Access-Control-Allow-Origin", origin);
        response.setHeader("Access-Control-Expose-Headers",
                "x-request-id, openai-processing-ms, retry-after, retry-after-ms, x-client-request-id, "
                        + String.join(", ", Pass.HEADERS));
        return true;
    }

    /**
     * Refuses whoever comes without a key and may not. Who shows one is let in: no page has one unless its reader gave it one,
     * and a foreign one would have to ask first whether it may show it.
     *
     * @throws ApiException if it may not ask
     */
    void requireOwn(HttpServletRequest request) {
        door.refusal(request.getServerName(), request.getHeader("Host"), request.getHeader("Origin"), request.isSecure())
                .ifPresent(refusal -> {
                    throw ApiException.request(403, refusal.code(), refusal.message());
                });
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
