package org.alcove.openai;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.alcove.web.stopping.InFlight;

/**
 * Tells the client of a stream that its model is being loaded. Nothing is written before a ping is due, so that a refusal that
 * comes soon has its own status.
 */
final class LoadWait implements InFlight.Answer {

    private final Exchange exchange;
    private final PingClock clock;
    private Optional<EventStream> stream = Optional.empty();

    LoadWait(Exchange exchange) {
        this.exchange = exchange;
        this.clock = new PingClock(exchange.settings().ping());
    }

    /** Tells it for so long it has been loading, where a ping is due. */
    void waited(Duration since) throws IOException {
        if (clock.due()) {
            stream().loading(since.toSeconds());
        }
    }

    PingClock clock() {
        return clock;
    }

    /** The stream, begun if it is not yet. */
    EventStream stream() throws IOException {
        if (stream.isEmpty()) {
            stream = Optional.of(EventStream.open(exchange, clock));
        }
        return stream.get();
    }

    /** Tells a refusal in the stream where it has begun, and otherwise throws it, so that it has its own status. */
    void fail(ApiException refused) throws IOException {
        if (stream.isEmpty()) {
            throw refused;
        }
        stream.get().event(refused.error().json());
        stream.get().flush();
    }

    /** Who waits asks again and again whether it may go on. */
    @Override
    public void cut(String reason) {
        // It has no answer yet that could be cut.
    }
}
