package org.alcove.openai;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.alcove.api.worker.Failure;

/**
 * An error as the protocol spells it.
 *
 * @param status HTTP status
 * @param type kind of error
 * @param param the faulty field, or null
 * @param code the error for programs, or null
 * @param message the error for people
 * @param headers further response headers
 */
record ApiError(int status, String type, String param, String code, String message, Map<String, String> headers) {

    /** When to come again to what is about to be there, here or elsewhere. */
    static final Duration SOON = Duration.ofSeconds(1);

    private static final String SERVER = "server_error";

    static ApiError invalid(int status, String param, String code, String message) {
        return new ApiError(status, "invalid_request_error", param, code, message, Map.of());
    }

    /** The one mapper from reasons to HTTP. */
    static ApiError of(Failure failure) {
        String message = failure.message();
        return switch (failure) {
            case Failure.Invalid it -> invalid(400, it.field().isEmpty() ? null : it.field(), "invalid_value", message);
            case Failure.Unsupported it ->
                    invalid(400, it.field().isEmpty() ? null : it.field(), "unsupported_parameter", message);
            case Failure.Refused it -> invalid(400, null, "content_filter", message);
            case Failure.ContextOverflow it -> invalid(400, null, "context_length_exceeded", message);
            case Failure.UnknownModel it -> invalid(404, "model", "model_not_found", message
                    + "; GET /v1/models lists those that may be asked for");
            case Failure.Overloaded it ->
                    new ApiError(429, "rate_limit_error", null, "overloaded", message, retryAfter(it.retryAfter()));
            case Failure.Unavailable it ->
                    new ApiError(503, SERVER, null, "unavailable", message, retryAfter(it.retryAfter()));
            case Failure.TimedOut it -> new ApiError(408, "timeout_error", null, "timeout", message, Map.of());
            case Failure.Internal it -> new ApiError(500, SERVER, null, "internal_error", message, Map.of());
        };
    }

    /** The same, with the place of the fault. */
    ApiError at(String place) {
        return new ApiError(status, type, place, code, place + ": " + message, headers);
    }

    /** Whoever asks is not known. */
    static ApiError denied(String message) {
        return new ApiError(401, "authentication_error", null, "invalid_api_key", message,
                Map.of("WWW-Authenticate", "Bearer realm=\"alcove\""));
    }

    /** Whoever asks is known, and may not ask this. */
    static ApiError forbidden(String param, String code, String message) {
        return new ApiError(403, "permission_error", param, code, message, Map.of());
    }

    /** A key has used up what it may take in a minute. */
    static ApiError usedUp(String message, Duration wait) {
        return new ApiError(429, "rate_limit_error", null, "rate_limit_exceeded", message, retryAfter(wait));
    }

    /** The keys make no sense: nobody can be told from anybody. */
    static ApiError keysUnreadable() {
        return new ApiError(503, SERVER, null, "keys_unreadable", "the server cannot read its API keys; its log says why",
                Map.of());
    }

    /** Nothing new is taken here any more. The connection ends, because a new one may lead to somebody who does. */
    static ApiError closing(String message) {
        ApiError error = of(new Failure.Unavailable(SOON, message));
        Map<String, String> headers = new HashMap<>(error.headers());
        headers.put("Connection", "close");
        return new ApiError(error.status(), error.type(), null, error.code(), message, headers);
    }

    /** A fault of this front end; what it was stands in the log under the request's id. */
    static ApiError internal(String requestId) {
        return new ApiError(500, SERVER, null, "internal_error",
                "the server failed; its log says why under the id " + requestId, Map.of());
    }

    /** Both spellings that clients look for; whole seconds are rounded up, so that nobody comes too early. */
    private static Map<String, String> retryAfter(Duration wait) {
        long millis = Math.max(0, wait.toMillis());
        return Map.of("Retry-After", Long.toString(Math.max(1, Math.ceilDiv(millis, 1000))),
                "retry-after-ms", Long.toString(millis));
    }

    /** {@code {"error": {…}}}. */
    ObjectNode json() {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        root.putObject("error").put("message", message).put("type", type).put("param", param).put("code", code);
        return root;
    }
}
