package org.alcove.core;

import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets a worker rest that answers errors: after some in a row it gets nothing for a while, then one request on trial. Where that
 * one brings an answer the worker is ready again, else it rests for twice as long. What belongs to requests from before the rest
 * changes nothing any more. Thread-safe.
 */
final class Rest {

    private static final Logger LOG = LoggerFactory.getLogger(Rest.class);

    private final Time time;
    /** Errors in a row, and rests in a row. */
    private int errors;
    private int rests;
    private boolean resting;
    private boolean onTrial;
    private long until;
    private String last = "";

    /**
     * How long workers rest.
     *
     * @param after errors in a row; 0 for no rest ever
     * @param first the first rest; each that follows is twice as long
     * @param longest no rest is longer
     */
    record Rule(int after, Duration first, Duration longest) {

        Duration length(int rests) {
            Duration length = first;
            for (int i = 1; i < rests && length.compareTo(longest) < 0; i++) {
                length = length.multipliedBy(2);
            }
            return length.compareTo(longest) < 0 ? length : longest;
        }
    }

    Rest(Time time) {
        this.time = time;
    }

    /** A request was given to the worker; whether it is the one on trial. */
    synchronized boolean begin() {
        boolean trial = resting && !onTrial && left().isZero();
        onTrial |= trial;
        return trial;
    }

    /** The worker's answer has begun: it is no longer dead, though its errors count until an answer is whole. */
    synchronized void answered(boolean trial) {
        if (trial && resting) {
            resting = false;
            onTrial = false;
            errors = 0;
        }
    }

    /** An answer is whole. */
    synchronized void finished(String worker) {
        if (!resting) {
            if (rests > 0) {
                LOG.info("Worker {} answers again", worker);
            }
            errors = 0;
            rests = 0;
        }
    }

    /** The worker has answered with an error of its own. */
    synchronized void failed(boolean trial, String worker, String why, Rule rule) {
        last = why;
        if (resting ? trial : rule.after() > 0 && ++errors >= rule.after()) {
            Duration length = rule.length(++rests);
            LOG.warn("Worker {} answered {} errors in a row and rests for {} s; the last one: {}", worker, errors,
                    length.toSeconds(), why);
            resting = true;
            onTrial = false;
            until = time.nanos() + length.toNanos();
        }
    }

    /** A request has ended without telling anything about the worker; the trial is the next one's. */
    synchronized void left(boolean trial) {
        if (trial && resting) {
            onTrial = false;
        }
    }

    /** Whether a request may be given to it. */
    synchronized boolean open() {
        return !resting || !onTrial && left().isZero();
    }

    /** Whether a request that was given to it just now came too early: it rests still, or another one is on trial. */
    synchronized boolean bars(boolean trial) {
        return resting && !trial;
    }

    /** Why it gets nothing, or only one, for people; empty where nothing is wrong. */
    synchronized Optional<String> reason() {
        if (!resting) {
            return Optional.empty();
        }
        String next = onTrial ? "one request is on trial" : left().isZero() ? "the next request is on trial"
                : "it rests for another " + Math.ceilDiv(left().toMillis(), 1000) + " s";
        return Optional.of("it answered " + errors + " errors in a row, and " + next + "; the last error: " + last);
    }

    /** How long it still rests. */
    synchronized Duration left() {
        return resting ? Duration.ofNanos(Math.max(0, until - time.nanos())) : Duration.ZERO;
    }
}
