package org.alcove.cluster.answer;

import java.io.IOException;
import java.time.Duration;
import java.util.function.Supplier;
import org.alcove.api.worker.Failure;
import org.alcove.api.worker.Generation;
import org.alcove.api.worker.GenerationEvent;
import org.alcove.cluster.door.Exchange;
import org.alcove.cluster.wire.EventWriter;
import org.alcove.cluster.wire.FrameWriter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes an answer in our own frames, with a ping wherever nothing else is said. */
public final class FrameAnswer {

    private static final Logger LOG = LoggerFactory.getLogger(FrameAnswer.class);
    private static final Duration RETRY = Duration.ofSeconds(1);

    private final Duration ping;
    private final Supplier<Duration> beatAge;

    /**
     * @param ping how long the peer hears nothing at most
     * @param beatAge how long the worker's engine has not moved
     */
    public FrameAnswer(Duration ping, Supplier<Duration> beatAge) {
        this.ping = ping;
        this.beatAge = beatAge;
    }

    /** It is said to a reader who waits, no more: what is wrong with the worker shows when it is read. */
    private static int place(Generation generation) {
        try {
            return generation.placeInLine();
        } catch (RuntimeException | LinkageError | AssertionError | StackOverflowError e) {
            LOG.debug("A worker threw when asked for a place in line", e);
            return 0;
        }
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
        EventWriter events = new EventWriter();
        try (EventPump pump = new EventPump(generation)) {
            FrameWriter out = exchange.stream(200);
            boolean whole = false;
            while (!pump.over()) {
                GenerationEvent event = pump.next(ping);
                if (event != null) {
                    out.write(events.json(event));
                    whole |= EventPump.last(event);
                } else if (!pump.over()) {
                    out.write(EventWriter.ping(beatAge.get(), place(generation)));
                }
            }
            if (!whole) {
                out.write(events.json(new GenerationEvent.Failed(
                        new Failure.Unavailable(RETRY, "this worker ended the answer before it was whole"))));
            }
        }
    }
}
