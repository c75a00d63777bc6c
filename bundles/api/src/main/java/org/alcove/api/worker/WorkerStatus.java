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

    /** Where and by which kernels it computes, and the memory of its model. */
    default Computing computing() {
        return Computing.UNKNOWN;
    }

    /**
     * What an engine computes with.
     *
     * @param placement its threads and the processors and memory node they are bound to, for people; empty where it is not known
     * @param kernels formats of the model's matrices and the tiers that serve them, for people: {@code sym_int4 (vector)}; empty
     *     where it is not known
     * @param weightBytes bytes of the mapped weights; 0 where it is not known
     * @param kvBytes bytes of the KV cache once all blocks are in use; 0 where it is not known
     */
    record Computing(String placement, String kernels, long weightBytes, long kvBytes) {

        /** It does not say. */
        public static final Computing UNKNOWN = new Computing("", "", 0, 0);
    }

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
