package org.alcove.cluster.wire;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;

/** Reads what {@link FrameWriter} writes, wherever the network cuts it. */
public final class FrameReader {

    /** Most bytes of a frame, where nothing else is said: the probabilities of a long prompt are large. */
    public static final int MAX_FRAME_BYTES = 64 << 20;

    private final BodyStream body;
    private final int maxBytes;
    private final String who;
    private final ByteArrayOutputStream begun = new ByteArrayOutputStream();

    /** What a look at the stream found: a frame, or its state. */
    public sealed interface Read {

        /** A frame, without its zero byte. */
        record Frame(byte[] json) implements Read {
        }

        /** No byte for as long as was waited. */
        record Silence() implements Read {
        }

        /** The end after a whole frame. */
        record End() implements Read {
        }

        /** The stream was closed on this side. */
        record Closed() implements Read {
        }
    }

    /** @param who whose frames they are, for messages */
    public FrameReader(BodyStream body, int maxBytes, String who) {
        this.body = body;
        this.maxBytes = maxBytes;
        this.who = who;
    }

    /**
     * Waits for the next frame. An interrupted reader loses nothing and may ask again.
     *
     * @param silence how long to wait for a byte; every byte starts the wait anew
     * @throws PeerException if the stream ends within a frame, or the connection is lost
     * @throws WireException if a frame is too large
     */
    public Read next(Duration silence) throws IOException, InterruptedException {
        while (true) {
            switch (body.await(silence)) {
                case BYTES -> {
                    if (take(body.bytes())) {
                        byte[] frame = begun.toByteArray();
                        begun.reset();
                        return new Read.Frame(frame);
                    }
                }
                case SILENT -> {
                    return new Read.Silence();
                }
                case CLOSED -> {
                    return new Read.Closed();
                }
                case END -> {
                    if (begun.size() > 0) {
                        throw new PeerException(who + " broke off after " + begun.size() + " bytes of a frame");
                    }
                    return new Read.End();
                }
            }
        }
    }

    /** Whether a frame is whole; empty ones are passed over. */
    private boolean take(ByteBuffer bytes) {
        int end = bytes.position();
        while (end < bytes.limit() && bytes.get(end) != 0) {
            end++;
        }
        int count = end - bytes.position();
        if (begun.size() + count > maxBytes) {
            throw new WireException(WireException.Kind.TOO_LARGE, who + " sends a frame of more than " + maxBytes + " bytes");
        }
        byte[] copy = new byte[count];
        bytes.get(copy);
        begun.writeBytes(copy);
        if (!bytes.hasRemaining()) {
            return false;
        }
        bytes.get();
        return begun.size() > 0;
    }
}
