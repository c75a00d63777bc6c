package org.alcove.openai;

import java.util.Map;

/** A request ends with an error of the protocol. The message is for the caller and may quote the request: never log it. */
final class ApiException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient ApiError error;

    ApiException(ApiError error) {
        super("HTTP status " + error.status(), null, false, false);
        this.error = error;
    }

    ApiError error() {
        return error;
    }

    /** The value of a field makes no sense. */
    static ApiException invalid(String param, String message) {
        return new ApiException(ApiError.invalid(400, param, "invalid_value", message));
    }

    /** A field that must be there is not. */
    static ApiException missing(String param) {
        return new ApiException(ApiError.invalid(400, param, "missing_required_parameter",
                "missing field \"" + param + "\"; give it a value"));
    }

    /** The protocol knows the field or the value, this server does not serve it. */
    static ApiException unsupported(String param, String message) {
        return new ApiException(ApiError.invalid(400, param, "unsupported_parameter", message));
    }

    /** Something about the request as a whole is wrong, before any field was looked at. */
    static ApiException request(int status, String code, String message) {
        return new ApiException(ApiError.invalid(status, null, code, message));
    }

    /** As {@link #request}, with a header that says what would be right. */
    static ApiException request(int status, String code, String message, Map<String, String> headers) {
        return new ApiException(new ApiError(status, "invalid_request_error", null, code, message, headers));
    }
}
