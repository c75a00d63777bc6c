package org.alcove.cluster.answer;

import java.io.IOException;
import java.time.Duration;
import java.util.function.Supplier;
import org.alcove.api.worker.Failure;
import org.alcove.api.worker.Generation;
import org.alcove.api.worker.GenerationEvent;
import org.alcove.cluster.door.Exchange;
import org.alcove.cluster.stream.LiveFrames;
import org.alcove.cluster.wire.EventWriter;

/** Answers a peer in our own frames. */
public final class FrameAnswer {

    private final LiveFrames frames;

    /**
     * @param ping how long the peer hears nothing at most
     * @param beatAge how long the worker's engine has not moved
     */
    public FrameAnswer(Duration ping, Supplier<Duration> beatAge) {
        this.frames = new LiveFrames(ping, beatAge);
    }

    /** A refusal at the door: one frame, and a status that fits. */
    public static void refuse(Exchange exchange, int status, Failure failure) throws IOException {
        exchange.stream(status).write(new EventWriter().json(new GenerationEvent.Failed(failure)));
    }

    /**
     * Writes the answer to its end, and closes it.
     *
     * @throws IOException if the peer is gone
     */
    public void write(Exchange exchange, Generation generation) throws IOException, InterruptedException {
        try (generation) {
            frames.write(exchange.stream(200), generation);
        }
    }
}
