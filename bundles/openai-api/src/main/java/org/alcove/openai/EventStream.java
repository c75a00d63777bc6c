package org.alcove.openai;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** Server-sent events: {@code data: JSON}, a comment as ping, {@code data: [DONE]} at the end. */
final class EventStream {

    private static final byte[] DATA = "data: ".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] END = "\n\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] DONE = "data: [DONE]\n\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] PING = ": ping\n\n".getBytes(StandardCharsets.US_ASCII);

    private final OutputStream out;
    private final PingClock clock;

    private EventStream(OutputStream out, PingClock clock) {
        this.out = out;
        this.clock = clock;
    }

    /** Sends the headers, so that the client knows it was heard; every write after them resets the clock. */
    static EventStream open(Exchange exchange, PingClock clock) throws IOException {
        exchange.response().setHeader("Cache-Control", "no-cache, no-transform");
        exchange.response().setHeader("X-Accel-Buffering", "no");
        exchange.begin(200, "text/event-stream; charset=utf-8");
        exchange.response().flushBuffer();
        return new EventStream(exchange.response().getOutputStream(), clock);
    }

    void event(JsonNode json) throws IOException {
        out.write(DATA);
        out.write(Exchange.bytes(json));
        out.write(END);
        clock.heard();
    }

    /** A comment: clients skip it, proxies and time-outs see life, and a client that is gone is noticed. */
    void ping() throws IOException {
        out.write(PING);
        clock.heard();
        flush();
    }

    /** A comment that tells for how many seconds the model has been loading, for the pages that look for it. */
    void loading(long seconds) throws IOException {
        out.write((": loading " + seconds + "\n\n").getBytes(StandardCharsets.US_ASCII));
        clock.heard();
        flush();
    }

    /** A comment that tells the place in line, for the pages that look for it. */
    void queued(int place) throws IOException {
        out.write((": queued " + place + "\n\n").getBytes(StandardCharsets.US_ASCII));
        clock.heard();
        flush();
    }

    void done() throws IOException {
        out.write(DONE);
        flush();
    }

    void flush() throws IOException {
        out.flush();
    }
}
