package org.alcove.openai;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** Which pages may call from a browser: those of the given origins, {@code *} for all; none by default. */
record Cors(List<String> origins) {

    private static final Set<String> HEADERS = Set.of("authorization", "content-type", "accept", "openai-organization",
            "openai-project", "openai-beta", "x-client-request-id", "idempotency-key");
    /** Clients made by Stainless send a dozen of these. */
    private static final String CLIENT_PREFIX = "x-stainless-";

    Cors {
        origins = List.copyOf(origins);
    }

    /** Adds what a browser must see to hand the answer to the page; whether the request comes from no page or an allowed one. */
    boolean allow(HttpServletRequest request, HttpServletResponse response) {
        String origin = request.getHeader("Origin");
        if (!origins.isEmpty()) {
            response.addHeader("Vary", "Origin");
        }
        if (origin == null) {
            return true;
        }
        if (!origins.contains(origin) && !origins.contains("*")) {
            return false;
        }
        response.setHeader("Access-Control-Allow-Origin", origin);
        response.setHeader("Access-Control-Expose-Headers",
                "x-request-id, openai-processing-ms, retry-after, retry-after-ms, x-client-request-id, "
                        + String.join(", ", Pass.HEADERS));
        return true;
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
