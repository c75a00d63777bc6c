package org.alcove.connect;

import java.io.IOException;
import java.time.Duration;
import java.util.Base64;
import org.alcove.api.worker.Failure;
import org.alcove.api.worker.Generation;
import org.alcove.api.worker.GenerationEvent;
import org.alcove.cluster.wire.BodyStream;
import org.alcove.cluster.wire.EventReader;
import org.alcove.cluster.wire.FrameReader;
import org.alcove.cluster.wire.WireException;
import org.alcove.sealing.AnswerOpener;
import org.alcove.sealing.SealingException;

/**
 * An answer that comes sealed. Only what was sealed is believed; that it is whole is said by its last chunk, not by those in
 * between. These do tell, in the open, that the server lives, and the place in its line, which is theirs to give: somebody who
 * waits is shown it, and nothing else comes of it. Read by one thread; closed by any.
 */
final class OpenedAnswer implements Generation {

    private static final Duration RETRY = Duration.ofSeconds(1);

    private final BodyStream body;
    private final FrameReader frames;
    private final AnswerOpener opener;
    private final Duration stall;
    private final String server;
    private final EventReader outside;
    private final EventReader inside;
    private boolean over;
    private volatile boolean closed;
    private volatile int place;

    OpenedAnswer(BodyStream body, AnswerOpener opener, Duration stall, String server) {
        this.body = body;
        this.frames = new FrameReader(body, FrameReader.MAX_FRAME_BYTES, server);
        this.opener = opener;
        this.stall = stall;
        this.server = server;
        this.outside = new EventReader(server);
        this.inside = new EventReader("the sealed answer");
    }

    @Override
    public GenerationEvent next() throws InterruptedException {
        GenerationEvent event = null;
        while (event == null && !over) {
            event = look();
        }
        if (event instanceof GenerationEvent.Finished || event instanceof GenerationEvent.Failed) {
            over = true;
            close();
        }
        return event;
    }

    /** Null where there is nothing to tell. */
    private GenerationEvent look() throws InterruptedException {
        try {
            return switch (frames.next(stall)) {
                case FrameReader.Read.Frame(byte[] json) -> outside(json);
                case FrameReader.Read.Silence() -> lost("it sent nothing for " + stall.toMillis() + " ms");
                case FrameReader.Read.End() -> lost("the answer was cut off before its last sealed chunk");
                case FrameReader.Read.Closed() -> {
                    over = true;
                    yield null;
                }
            };
        } catch (IOException e) {
            return lost(e.getMessage());
        } catch (WireException | SealingException e) {
            if (closed) {
                over = true;
                return null;
            }
            return new GenerationEvent.Failed(new Failure.Internal("what " + server + " sent is no answer: " + e.getMessage()));
        }
    }

    private GenerationEvent outside(byte[] frame) throws SealingException {
        return switch (outside.read(frame)) {
            case EventReader.Told.Ping ping -> alive(ping);
            case EventReader.Told.Event(GenerationEvent event) -> outside(event);
        };
    }

    /** A server that says that nothing moves there is as good as one that says nothing. */
    private GenerationEvent alive(EventReader.Told.Ping ping) {
        place = ping.place();
        return ping.beatAge().compareTo(stall) <= 0 ? null
                : lost("by its own word nothing has moved there for " + ping.beatAge().toMillis() + " ms");
    }

    private GenerationEvent outside(GenerationEvent event) throws SealingException {
        return switch (event) {
            case GenerationEvent.Delta delta -> inside(delta.text());
            case GenerationEvent.Failed failed -> failed;
            case GenerationEvent.Finished finished -> lost("the answer was ended before its last sealed chunk");
            case GenerationEvent.Started started -> null;
            case GenerationEvent.PromptScored scored -> null;
        };
    }

    private GenerationEvent inside(String sealed) throws SealingException {
        byte[] chunk;
        try {
            chunk = Base64.getDecoder().decode(sealed);
        } catch (IllegalArgumentException e) {
            throw WireException.malformed("a sealed chunk is not base64");
        }
        EventReader.Told told = inside.read(opener.open(chunk));
        if (!(told instanceof EventReader.Told.Event(GenerationEvent event))) {
            return null;
        }
        place = event instanceof GenerationEvent.Started ? place : 0;
        return event;
    }

    @Override
    public int placeInLine() {
        return place;
    }

    private GenerationEvent.Failed lost(String how) {
        return new GenerationEvent.Failed(new Failure.Unavailable(RETRY, server + " was lost: " + how));
    }

    @Override
    public void close() {
        closed = true;
        body.close();
        opener.close();
    }
}
