package org.alcove.engine.duty;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.alcove.weights.KernelLease;
import org.alcove.weights.KernelUnavailableException;
import org.alcove.weights.Weights;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The time without a kernel for a format of the model. Used by the engine's thread, save {@link #missing}. */
final class Outage {

    private static final Logger LOG = LoggerFactory.getLogger(Outage.class);
    /** Cancellations and closing are looked at that often. */
    private static final long SLICE_MILLIS = 50;

    private final Weights weights;
    private final LongSupplier clock;
    private volatile String missing = "";
    private String message = "";
    private long since;

    Outage(Weights weights, LongSupplier clock) {
        this.weights = weights;
        this.clock = clock;
    }

    /** Format without a kernel, or empty. */
    String missing() {
        return missing;
    }

    String message() {
        return message;
    }

    boolean isOver() {
        return missing.isEmpty();
    }

    /** A lease was refused. */
    void begin(KernelUnavailableException refusal) {
        message = refusal.getMessage();
        if (missing.isEmpty()) {
            since = clock.getAsLong();
            LOG.warn("Model {} pauses: {}", weights.file().name(), message);
        }
        missing = refusal.format();
    }

    /** A step was computed. */
    void end() {
        if (!missing.isEmpty()) {
            LOG.info("Model {} goes on; kernels: {}", weights.file().name(), weights.kernels());
            missing = "";
        }
    }

    /** Starts the grace period anew, for sequences that come later. */
    void restart() {
        since = clock.getAsLong();
    }

    boolean lasts(long nanos) {
        return clock.getAsLong() - since >= nanos;
    }

    /** Waits a moment for kernels; true if they are there. */
    boolean await() {
        try {
            return weights.awaitKernels(SLICE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            // Nobody has a reason to interrupt the engine's thread; it ends by close().
            return false;
        }
    }

    /** Looks whether all kernels are there while nothing is computed; whoever comes next waits for the whole grace period. */
    void look() {
        try (KernelLease lease = weights.lease()) {
            end();
        } catch (KernelUnavailableException e) {
            begin(e);
            restart();
        }
    }
}
