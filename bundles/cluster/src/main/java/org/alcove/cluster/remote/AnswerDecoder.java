package org.alcove.cluster.remote;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.alcove.api.worker.GenerationEvent;

/** Turns the frames of one answer into events. Used by the reader of the answer alone. */
interface AnswerDecoder {

    /**
     * The events a frame stands for, in order; none where it only shows that the worker lives.
     *
     * @throws org.alcove.cluster.wire.WireException if it is no frame of an answer
     */
    List<GenerationEvent> read(byte[] frame);

    /** How long the worker's engine had not moved, as the last frame told. */
    Duration stillFor();

    /** Its place in the worker's line, as the last frame told; 0 where it waits no longer, or nobody can tell. For any thread. */
    default int place() {
        return 0;
    }

    /** The event by which the answer ends where the stream ends in order after the frames so far; none where it is cut off. */
    Optional<GenerationEvent> atEnd();
}
