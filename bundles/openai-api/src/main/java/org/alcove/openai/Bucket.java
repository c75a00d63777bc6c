package org.alcove.openai;

import java.time.Duration;

/**
 * What is left of so many a minute: full at first, filled again evenly, so that there is no minute's end to wait for. It may be
 * overdrawn, since nobody knows before how long an answer gets; then nothing is left until that is made up for.
 */
final class Bucket {

    private static final double MINUTE_NANOS = 60e9;
    /** Adding up parts of a token must not make the one who waited as long as he was told come too early. */
    private static final double ONE = 1 - 1e-6;

    private final int perMinute;
    private double level;
    private long at;

    /** Full at this {@link System#nanoTime}. */
    Bucket(int perMinute, long now) {
        this.perMinute = perMinute;
        this.level = perMinute;
        this.at = now;
    }

    int perMinute() {
        return perMinute;
    }

    /** Takes one if it is there; otherwise says how long to wait for it. */
    synchronized Duration takeOne(long now) {
        Duration wait = waitForOne(now);
        if (wait.isZero()) {
            level--;
        }
        return wait;
    }

    /** How long until one is there; zero where it is. */
    synchronized Duration waitForOne(long now) {
        fill(now);
        return level >= ONE ? Duration.ZERO : time(1 - level);
    }

    /** Takes so many, there or not; gives back where it is negative. */
    synchronized void take(long amount, long now) {
        fill(now);
        level = Math.min(perMinute, level - amount);
    }

    synchronized long left(long now) {
        fill(now);
        return Math.max(0, (long) Math.floor(level + 1 - ONE));
    }

    /** How long until it is full again. */
    synchronized Duration untilFull(long now) {
        fill(now);
        return time(perMinute - level);
    }

    private void fill(long now) {
        level = Math.min(perMinute, level + (now - at) / MINUTE_NANOS * perMinute);
        at = now;
    }

    private Duration time(double amount) {
        return Duration.ofNanos((long) Math.ceil(amount / perMinute * MINUTE_NANOS));
    }
}
