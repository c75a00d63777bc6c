package org.alcove.cluster.door;

import com.fasterxml.jackson.databind.JsonNode;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import org.alcove.cluster.wire.Fields;
import org.alcove.cluster.wire.FrameWriter;
import org.alcove.cluster.wire.Json;

/**
 * What a peer asks, and what it is answered.
 *
 * @param standing how far the peer is trusted
 * @param limits how much it may say
 */
public record Exchange(HttpServletRequest request, HttpServletResponse response, Standing standing, Limits limits) {

    private static final byte[] NULL = "null".getBytes(StandardCharsets.US_ASCII);

    /** Where the peer is. */
    public InetAddress peer() {
        return Guard.peer(request);
    }

    /** Whether the peer is on this machine, as the connection shows. */
    public boolean fromThisMachine() {
        InetAddress peer = peer();
        return peer.isLoopbackAddress() || peer.equals(InetAddress.ofLiteral(request.getLocalAddr()));
    }

    /** Reads a message between processes. */
    public Fields message() throws IOException {
        return fields(limits.controlBytes());
    }

    /** Reads a request for an answer. */
    public Fields order() throws IOException {
        return fields(limits.generateBytes());
    }

    private Fields fields(int max) throws IOException {
        String encoding = request.getHeader("Content-Encoding");
        if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
            throw Refusal.of(415, "unsupported_encoding", "the body is encoded (Content-Encoding), which is not understood here;"
                    + " send it as it is");
        }
        return Json.read(body(max), "the body");
    }

    private byte[] body(int max) throws IOException {
        if (request.getContentLengthLong() > max) {
            throw tooLarge(Long.toString(request.getContentLengthLong()), max);
        }
        try (ReadWatch watch = new ReadWatch(limits.body())) {
            try {
                InputStream in = request.getInputStream();
                byte[] bytes = in.readNBytes(max);
                if (bytes.length == max && in.read() >= 0) {
                    throw tooLarge("more than " + max, max);
                }
                return bytes;
            } catch (IOException e) {
                if (watch.fired()) {
                    throw Refusal.of(408, "body_too_slow", "the body did not arrive within " + limits.body().toMillis()
                            + " ms; send it at once");
                }
                throw e;
            }
        }
    }

    private static Refusal tooLarge(String has, int max) {
        return Refusal.of(413, "body_too_large", "the body has " + has + " bytes; at most " + max + " are read");
    }

    /** Answers with JSON. */
    public void reply(int status, JsonNode json) throws IOException {
        reply(status, Json.bytes(json));
    }

    /** Answers that it is done and there is nothing to say, as FastChat does. */
    public void replyNull() throws IOException {
        reply(200, NULL);
    }

    /**
     * A body that was not read cannot be told from the next request, so the connection ends, and the peer is told.
     */
    private void reply(int status, byte[] bytes) throws IOException {
        boolean hasBody = request.getContentLengthLong() > 0 || request.getHeader("Transfer-Encoding") != null;
        if (hasBody && !request.getInputStream().isFinished()) {
            response.setHeader("Connection", "close");
        }
        response.setStatus(status);
        response.setContentType("application/json");
        response.setContentLength(bytes.length);
        response.getOutputStream().write(bytes);
        response.flushBuffer();
    }

    /** Begins an answer of frames; its head is sent at once. */
    public FrameWriter stream(int status) throws IOException {
        response.setStatus(status);
        response.setContentType("application/octet-stream");
        response.setHeader("Cache-Control", "no-store");
        response.setHeader("X-Accel-Buffering", "no");
        response.flushBuffer();
        return new FrameWriter(response.getOutputStream());
    }
}
