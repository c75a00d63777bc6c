package org.alcove.openai;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import org.alcove.api.worker.RequestContext;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;

/**
 * One HTTP request and its response.
 *
 * @param request the request
 * @param response its response
 * @param context id and tenant
 * @param arrived when it came
 * @param clock {@link System#nanoTime} when it came
 * @param settings the configuration it is served by, whatever changes meanwhile
 * @param pass what the one who asks may do
 */
record Exchange(HttpServletRequest request, HttpServletResponse response, RequestContext context, Instant arrived, long clock,
        Settings settings, Pass pass) {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** The same with another context. */
    Exchange with(RequestContext other) {
        return with(other, pass);
    }

    /** The same for somebody who is known. */
    Exchange with(RequestContext other, Pass known) {
        return new Exchange(request, response, other, arrived, clock, settings, known);
    }

    /** Settles status and type; the last moment for headers. */
    void begin(int status, String contentType) {
        response.setStatus(status);
        response.setContentType(contentType);
        pass.headers().forEach(response::setHeader);
        response.setHeader("openai-processing-ms", Long.toString(Duration.ofNanos(System.nanoTime() - clock).toMillis()));
    }

    /** Answers with JSON. */
    void answer(int status, JsonNode json) throws IOException {
        byte[] bytes = bytes(json);
        begin(status, "application/json");
        response.setContentLength(bytes.length);
        response.getOutputStream().write(bytes);
        response.flushBuffer();
    }

    /**
     * Answers with an error. A body that was refused unread cannot be told from the next request, so the connection ends, and
     * the client is told: one that is not would send its next request into a connection that is being closed. What is still
     * coming is waited for, so that the answer is not lost with the connection.
     */
    void answer(ApiError error) throws IOException {
        error.headers().forEach(response::setHeader);
        UnreadBody rest = new UnreadBody(request);
        boolean unread = rest.isThere();
        if (unread) {
            response.setHeader("Connection", "close");
        }
        answer(error.status(), error.json());
        if (unread) {
            rest.discard();
        }
    }

    /**
     * Cuts the connection, so that nobody takes for whole what was written. Whoever throws instead is not understood: the HTTP
     * service logs what is thrown, and ends a response that has begun like any other.
     */
    void cut() {
        ServletContextRequest.getServletContextRequest(request).getServletChannel()
                .abort(new IOException("request " + context.id() + " failed after its answer had begun"));
    }

    static byte[] bytes(JsonNode json) {
        try {
            return JSON.writeValueAsBytes(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a JSON tree can always be written", e);
        }
    }
}
