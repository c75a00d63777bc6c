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

    /** What its engine has to do and has done. */
    Load load();

    /**
     * Figures of an engine.
     *
     * @param running sequences being computed
     * @param waiting sequences queued or preempted
     * @param kvBlocks blocks of the KV cache
     * @param kvBlocksUsed of these, in use
     * @param promptTokens prompt tokens computed since the model was loaded
     * @param answerTokens answer tokens computed since the model was loaded
     * @param preemptions how often a sequence lost its blocks to another
     */
    record Load(int running, int waiting, int kvBlocks, int kvBlocksUsed, long promptTokens, long answerTokens,
            long preemptions) {

        /** Nothing to do, nothing done. */
        public static final Load NONE = new Load(0, 0, 0, 0, 0, 0, 0);
    }

    /** States of a worker. */
    enum State {
        /** Loading its model. */
        STARTING,
        /** Its model could not be loaded, and will not be without somebody doing something; the reason says what is wrong. */
        FAILED,
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
