package org.alcove.accounts;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Counts failures to sign in. After {@value #FREE} in a row whoever fails waits 30 s, then twice as long each time, up to 15
 * minutes. Bounded: of too many who fail, the longest unheard of are forgotten.
 */
final class Lockout {

    static final int FREE = 5;
    private static final int MOST = 10_000;
    private static final Duration FIRST = Duration.ofSeconds(30);
    private static final Duration LONGEST = Duration.ofMinutes(15);

    private final InstantSource clock;
    private final Map<String, Failures> failures = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Failures> eldest) {
            return size() > MOST;
        }
    };

    private record Failures(int count, Instant until) {
    }

    Lockout(InstantSource clock) {
        this.clock = clock;
    }

    /** How long this one still has to wait; zero where it may try. */
    synchronized Duration left(String who) {
        Failures seen = failures.get(who);
        Instant now = clock.instant();
        return seen == null || !seen.until().isAfter(now) ? Duration.ZERO : Duration.between(now, seen.until());
    }

    synchronized void failed(String who) {
        Failures seen = failures.getOrDefault(who, new Failures(0, Instant.MIN));
        int count = seen.count() + 1;
        failures.put(who, new Failures(count, count < FREE ? Instant.MIN : clock.instant().plus(wait(count - FREE))));
    }

    synchronized void succeeded(String who) {
        failures.remove(who);
    }

    private static Duration wait(int doublings) {
        Duration wait = FIRST.multipliedBy(1L << Math.min(doublings, 10));
        return wait.compareTo(LONGEST) < 0 ? wait : LONGEST;
    }
}
