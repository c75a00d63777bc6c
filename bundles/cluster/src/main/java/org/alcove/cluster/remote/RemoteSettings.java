package org.alcove.cluster.remote;

import java.time.Duration;
import org.alcove.cluster.wire.FrameReader;

/**
 * What is borne with from remote workers.
 *
 * @param stall a worker that sends nothing, or whose engine does not move, for longer while it writes an answer counts as lost
 * @param maxFrameBytes most bytes of a frame
 */
public record RemoteSettings(Duration stall, int maxFrameBytes) {

    /** How long FastChat's own API server bears with a silent worker of FastChat. */
    public static final Duration FOREIGN_STALL = Duration.ofSeconds(100);

    /** The same for workers of FastChat, which say nothing while they wait or read a prompt. */
    public RemoteSettings foreign() {
        return new RemoteSettings(stall.compareTo(FOREIGN_STALL) > 0 ? stall : FOREIGN_STALL, maxFrameBytes);
    }

    /** The usual limit for frames. */
    public static RemoteSettings stalling(Duration stall) {
        return new RemoteSettings(stall, FrameReader.MAX_FRAME_BYTES);
    }
}
