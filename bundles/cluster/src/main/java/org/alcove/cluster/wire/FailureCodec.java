package org.alcove.cluster.wire;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import org.alcove.api.worker.Failure;

/** Failures as messages hold them: {@code {"kind": "overloaded", "message": "…", "retry_after_ms": 1000}}. */
public final class FailureCodec {

    private static final long MAX_RETRY_MS = Duration.ofDays(365).toMillis();

    private FailureCodec() {
    }

    /** Its word on the wire. */
    public static String kind(Failure failure) {
        return switch (failure) {
            case Failure.Invalid f -> "invalid";
            case Failure.ContextOverflow f -> "context_overflow";
            case Failure.UnknownModel f -> "unknown_model";
            case Failure.Unsupported f -> "unsupported";
            case Failure.Refused f -> "refused";
            case Failure.Overloaded f -> "overloaded";
            case Failure.Unavailable f -> "unavailable";
            case Failure.TimedOut f -> "timed_out";
            case Failure.Internal f -> "internal";
        };
    }

    /** The HTTP status that fits it. */
    public static int status(Failure failure) {
        return switch (failure) {
            case Failure.Invalid f -> 400;
            case Failure.ContextOverflow f -> 400;
            case Failure.Unsupported f -> 400;
            case Failure.Refused f -> 400;
            case Failure.UnknownModel f -> 404;
            case Failure.Overloaded f -> 429;
            case Failure.Unavailable f -> 503;
            case Failure.TimedOut f -> 504;
            case Failure.Internal f -> 500;
        };
    }

    /** As a message holds it. */
    public static ObjectNode json(Failure failure) {
        ObjectNode json = Json.object().put("kind", kind(failure)).put("message", failure.message());
        return switch (failure) {
            case Failure.Invalid f -> json.put("field", f.field());
            case Failure.Unsupported f -> json.put("field", f.field());
            case Failure.Refused f -> json.put("guard", f.guard());
            case Failure.UnknownModel f -> json.put("model", f.model());
            case Failure.ContextOverflow f -> json.put("prompt_tokens", f.promptTokens()).put("answer_tokens", f.answerTokens())
                    .put("context_tokens", f.contextTokens());
            case Failure.Overloaded f -> json.put("retry_after_ms", f.retryAfter().toMillis());
            case Failure.Unavailable f -> json.put("retry_after_ms", f.retryAfter().toMillis());
            case Failure.TimedOut f -> json;
            case Failure.Internal f -> json;
        };
    }

    /** Reads one. */
    public static Failure of(Fields fields) {
        String message = fields.text("message");
        return switch (fields.text("kind")) {
            case "invalid" -> new Failure.Invalid(fields.text("field", ""), message);
            case "unsupported" -> new Failure.Unsupported(fields.text("field", ""), message);
            case "refused" -> new Failure.Refused(fields.text("guard", ""), message);
            case "unknown_model" -> new Failure.UnknownModel(fields.text("model", ""), message);
            case "context_overflow" -> new Failure.ContextOverflow(fields.count("prompt_tokens"), fields.count("answer_tokens"),
                    fields.count("context_tokens"));
            case "overloaded" -> new Failure.Overloaded(retry(fields), message);
            case "unavailable" -> new Failure.Unavailable(retry(fields), message);
            case "timed_out" -> new Failure.TimedOut(message);
            case "internal" -> new Failure.Internal(message);
            default -> throw fields.wrong("kind", "is no kind of failure that is known here");
        };
    }

    /** The body of an answer that says no: {@code {"error": {"code", "message"}, "failure": {…}}}. */
    public static ObjectNode body(Failure failure) {
        ObjectNode json = error(kind(failure), failure.message());
        json.set("failure", json(failure));
        return json;
    }

    /** The body of an answer that says no for a reason that is no failure of a request. */
    public static ObjectNode error(String code, String message) {
        ObjectNode json = Json.object();
        json.putObject("error").put("code", code).put("message", message);
        return json;
    }

    private static Duration retry(Fields fields) {
        return Duration.ofMillis(fields.has("retry_after_ms") ? fields.integer("retry_after_ms", 0, MAX_RETRY_MS) : 1000);
    }
}
