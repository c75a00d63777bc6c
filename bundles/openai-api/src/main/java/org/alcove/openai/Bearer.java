package org.alcove.openai;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Map;
import org.alcove.keys.ApiKeys;

/** The header {@code Authorization: Bearer KEY}. */
final class Bearer {

    private static final Map<String, String> CHALLENGE = Map.of("WWW-Authenticate", "Bearer realm=\"alcove\"");

    private Bearer() {
    }

    /** Name of the key that was presented. */
    static String tenant(HttpServletRequest request, ApiKeys keys) {
        return switch (keys.bearer(request.getHeader("Authorization"))) {
            case ApiKeys.Bearer.Known known -> known.name();
            case ApiKeys.Bearer.Denied denied -> throw new ApiException(
                    new ApiError(401, "authentication_error", null, "invalid_api_key", denied.message(), CHALLENGE));
            case ApiKeys.Bearer.Unreadable unreadable -> throw new ApiException(new ApiError(503, "server_error", null,
                    "keys_unreadable", "the server cannot read its API keys; its log says why", Map.of()));
        };
    }
}
