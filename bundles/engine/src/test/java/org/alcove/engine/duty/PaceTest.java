package org.alcove.engine.duty;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class PaceTest {

    private static final long MILLISECOND = 1_000_000;

    private final AtomicLong now = new AtomicLong();

    /** Wakes too early every time, as a parked thread may. */
    private final Pace hundredTokensPerSecond =
            new Pace(100, now::get, () -> { }, nanos -> now.addAndGet(Math.min(nanos, 7 * MILLISECOND)));

    @Test
    void aStepThatWasTooQuickIsFollowedByAPauseOfTheRest() {
        now.set(30 * MILLISECOND);
        hundredTokensPerSecond.hold(20, 10 * MILLISECOND);
        assertEquals(210 * MILLISECOND, now.get());
    }

    @Test
    void aStepThatWasSlowerIsFollowedByNone() {
        now.set(500 * MILLISECOND);
        hundredTokensPerSecond.hold(20, 10 * MILLISECOND);
        assertEquals(500 * MILLISECOND, now.get());
    }

    @Test
    void aLongPauseIsTakenInPiecesWithABeatBeforeEach() {
        List<Long> beats = new ArrayList<>();
        new Pace(5, now::get, () -> beats.add(now.get()), now::addAndGet).hold(64, 0);
        assertEquals(12_800 * MILLISECOND, now.get());
        assertEquals(LongStream.range(0, 26).map(i -> i * 500 * MILLISECOND).boxed().toList(), beats);
    }

    @Test
    void withoutALimitThereIsNoPause() {
        new Pace(0, now::get, () -> { }, now::addAndGet).hold(20, 0);
        assertEquals(0, now.get());
    }

    @Test
    void whoStopsEndsThePauseAtOnce() {
        Pace[] pace = new Pace[1];
        pace[0] = new Pace(100, now::get, () -> { }, nanos -> {
            now.addAndGet(MILLISECOND);
            pace[0].stop();
        });
        pace[0].hold(20, 0);
        assertEquals(MILLISECOND, now.get());
    }
}
