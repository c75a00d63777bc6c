package org.alcove.openai;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Server-sent events: {@code data: JSON}, a comment as ping, {@code data: [DONE]} at the end. */
final class EventStream {

    private static final byte[] DATA = "data: ".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] END = "\n\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] DONE = "data: [DONE]\n\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] PING = ": ping\n\n".getBytes(StandardCharsets.US_ASCII);

    private final OutputStream out;
    private long lastWrite = System.nanoTime();

    private EventStream(OutputStream out) {
        this.out = out;
    }

    /** Sends the headers, so that the client knows it was heard. */
    static EventStream open(Exchange exchange) throws IOException {
        exchange.response().setHeader("Cache-Control", "no-cache, no-transform");
        exchange.response().setHeader("X-Accel-Buffering", "no");
        exchange.begin(200, "text/event-stream; charset=utf-8");
        exchange.response().flushBuffer();
        return new EventStream(exchange.response().getOutputStream());
    }

    void event(JsonNode json) throws IOException {
        out.write(DATA);
        out.write(Exchange.bytes(json));
        out.write(END);
        lastWrite = System.nanoTime();
    }

    /** A comment: clients skip it, proxies and time-outs see life, and a client that is gone is noticed. */
    void ping() throws IOException {
        out.write(PING);
        lastWrite = System.nanoTime();
        flush();
    }

    void done() throws IOException {
        out.write(DONE);
        flush();
    }

    void flush() throws IOException {
        out.flush();
    }

    /** How long to wait for an event before the next ping is due. */
    Duration untilPing(Duration every) {
        Duration left = every.minusNanos(System.nanoTime() - lastWrite);
        return left.isNegative() ? Duration.ZERO : left;
    }
}
