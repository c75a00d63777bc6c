package org.alcove.cluster.stream;

import java.io.IOException;
import java.time.Duration;
import java.util.function.Supplier;
import org.alcove.api.worker.Failure;
import org.alcove.api.worker.Generation;
import org.alcove.api.worker.GenerationEvent;
import org.alcove.cluster.wire.EventWriter;
import org.alcove.cluster.wire.FrameWriter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes an answer in our own frames, with a ping wherever nothing else is said.
 *
 * @param ping how long the other side hears nothing at most
 * @param beatAge how long whoever computes has not moved
 */
public record LiveFrames(Duration ping, Supplier<Duration> beatAge) {

    private static final Logger LOG = LoggerFactory.getLogger(LiveFrames.class);
    private static final Duration RETRY = Duration.ofSeconds(1);

    /** It is said to a reader who waits, no more: what is wrong with the worker shows when it is read. */
    private static int place(Generation generation) {
        try {
            return generation.placeInLine();
        } catch (RuntimeException | LinkageError | AssertionError | StackOverflowError e) {
            LOG.debug("A worker threw when asked for a place in line", e);
            return 0;
        }
    }

    /**
     * Writes the answer to its end, and closes it.
     *
     * @throws IOException if the other side is gone
     */
    public void write(FrameWriter out, Generation generation) throws IOException, InterruptedException {
        EventWriter events = new EventWriter();
        try (EventPump pump = new EventPump(generation)) {
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
