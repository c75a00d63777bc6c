package org.alcove.cluster.remote;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import org.alcove.api.worker.Failure;
import org.alcove.api.worker.Generation;
import org.alcove.api.worker.GenerationEvent;
import org.alcove.cluster.wire.BodyStream;
import org.alcove.cluster.wire.FrameReader;
import org.alcove.cluster.wire.WireException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An answer that comes from another process, read on the reader's own thread. However it ends early (the connection breaks, the
 * worker falls silent or its engine stands still, what comes is no answer) the last event says so and names the worker.
 */
final class RemoteAnswer implements Generation {

    private static final Logger LOG = LoggerFactory.getLogger(RemoteAnswer.class);
    private static final Duration RETRY = Duration.ofSeconds(1);
    /** The end of the stream comes with the last frame or right behind it; a connection that has ended well is used again. */
    private static final Duration END_PATIENCE = Duration.ofMillis(100);

    private final String worker;
    private final BodyStream body;
    private final FrameReader frames;
    private final AnswerDecoder decoder;
    private final Duration stall;
    private final Queue<GenerationEvent> ready = new ArrayDeque<>();
    private boolean over;

    /** @param worker id of the worker for the whole cluster */
    RemoteAnswer(String worker, BodyStream body, AnswerDecoder decoder, RemoteSettings settings) {
        this.worker = worker;
        this.body = body;
        this.frames = new FrameReader(body, settings.maxFrameBytes(), worker);
        this.decoder = decoder;
        this.stall = settings.stall();
    }

    @Override
    public GenerationEvent next() throws InterruptedException {
        while (ready.isEmpty() && !over) {
            try {
                look();
            } catch (IOException e) {
                lost(e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage());
            } catch (WireException e) {
                LOG.warn("The answer of worker {} ends here: {}", worker, e.getMessage());
                end(new GenerationEvent.Failed(new Failure.Internal("worker " + worker + " sent what is no answer: "
                        + e.getMessage())));
            }
        }
        GenerationEvent event = ready.poll();
        if (event instanceof GenerationEvent.Finished || event instanceof GenerationEvent.Failed) {
            over = true;
            ready.clear();
            leave();
        }
        return event;
    }

    private void look() throws IOException, InterruptedException {
        switch (frames.next(stall)) {
            case FrameReader.Read.Frame(byte[] json) -> {
                ready.addAll(decoder.read(json));
                if (decoder.stillFor().compareTo(stall) > 0) {
                    lost("its engine has not moved for " + decoder.stillFor().toMillis() + " ms, more than the "
                            + stall.toMillis() + " ms of stall_seconds");
                }
            }
            case FrameReader.Read.Silence() -> lost("it sent nothing for " + stall.toMillis() + " ms (stall_seconds)");
            case FrameReader.Read.End() -> decoder.atEnd().ifPresentOrElse(ready::add, () -> lost("its answer was cut off"));
            case FrameReader.Read.Closed() -> over = true;
        }
    }

    private void lost(String how) {
        LOG.warn("Worker {} was lost while it wrote an answer: {}", worker, how);
        end(new GenerationEvent.Failed(new Failure.Unavailable(RETRY, "worker " + worker + " was lost: " + how)));
    }

    private void end(GenerationEvent.Failed failed) {
        body.close();
        ready.add(failed);
    }

    private void leave() {
        try {
            body.await(END_PATIENCE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            LOG.debug("Worker {} broke the connection off after its answer", worker);
        }
        body.close();
    }

    @Override
    public int placeInLine() {
        return decoder.place();
    }

    @Override
    public void close() {
        body.close();
    }
}
