package org.alcove.openai;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Map;

/** The header {@code Authorization: Bearer KEY}. */
final class Bearer {

    private static final String SCHEME = "bearer ";
    private static final Map<String, String> CHALLENGE = Map.of("WWW-Authenticate", "Bearer realm=\"alcove\"");

    private Bearer() {
    }

    /** Name of the key that was presented. */
    static String tenant(HttpServletRequest request, ApiKeys keys) {
        String header = request.getHeader("Authorization");
        if (header == null || !header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            throw denied("no API key: send the header Authorization: Bearer KEY");
        }
        return keys.nameOf(header.substring(SCHEME.length()).strip())
                .orElseThrow(() -> denied("the API key is not known here; ask the one who runs this server for a key"));
    }

    private static ApiException denied(String message) {
        return new ApiException(new ApiError(401, "authentication_error", null, "invalid_api_key", message, CHALLENGE));
    }
}
