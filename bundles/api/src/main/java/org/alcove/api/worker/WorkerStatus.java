package org.alcove.api.worker;

import java.time.Instant;
import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/** A worker as it stood at one moment. */
@ProviderType
public interface WorkerStatus {

    /** Unique id, for example {@code local-1}. */
    String id();

    /** Names of the models it serves. */
    List<String> models();

    /** Measured tokens per second, smoothed, prompt tokens counted in; above 0 even before the first measurement. */
    double speed();

    /** Requests it has: running and waiting, those chosen for it a moment ago included. */
    int queueLength();

    /** Whether it beats; a worker without heartbeat never becomes late. */
    boolean heartbeat();

    /** When it last beat. */
    Instant lastBeat();

    /** Whether and why (not) it takes requests. */
    State state();

    /** Why it is in its state, for people; empty when all is well. */
    String reason();

    /** States of a worker. */
    enum State {
        /** Loading its model. */
        STARTING,
        /** Takes requests. */
        READY,
        /** Alive, but cannot take requests now; the reason says what is missing. */
        PAUSED,
        /** Missed a beat. */
        LATE,
        /** Finishes what it has. */
        DRAINING,
        /** Missed so many beats that it counts as dead. */
        GONE
    }
}
