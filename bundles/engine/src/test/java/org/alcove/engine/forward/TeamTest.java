package org.alcove.engine.forward;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;

class TeamTest {

    @Test
    void everyItemIsComputedOnce() {
        for (int threads = 1; threads <= 5; threads++) {
            try (Team team = new Team("team-test", threads)) {
                for (int round = 0; round < 2000; round++) {
                    int items = 1 + round % 97;
                    int grain = 1 + round % 7;
                    AtomicIntegerArray counts = new AtomicIntegerArray(items);
                    team.run(items, grain, 1 + round % 6, (member, first, end) -> {
                        assertTrue(first % grain == 0 && member >= 0 && member < team.size());
                        for (int i = first; i < end; i++) {
                            counts.incrementAndGet(i);
                        }
                    });
                    for (int i = 0; i < items; i++) {
                        assertEquals(1, counts.get(i), "item " + i + " of round " + round);
                    }
                }
            }
        }
    }

    @Test
    void whatAMemberThrowsIsThrownAndTheTeamGoesOn() {
        try (Team team = new Team("team-test", 3)) {
            for (int thrower = 0; thrower < 3; thrower++) {
                IllegalStateException thrown = new IllegalStateException();
                int part = thrower;
                assertSame(thrown, assertThrows(IllegalStateException.class, () -> team.run(3, 1, 3, (member, first, end) -> {
                    if (first == part) {
                        throw thrown;
                    }
                })));
                team.run(3, 1, 3, (member, first, end) -> { });
            }
        }
    }

    @Test
    void aTeamThatTheSystemHasNotEnoughThreadsForLeavesNone() {
        List<Thread> made = new ArrayList<>();
        OutOfMemoryError refusal = new OutOfMemoryError("unable to create native thread");
        assertSame(refusal, assertThrows(OutOfMemoryError.class, () -> new Team(work -> {
            made.add(made.size() < 2 ? new Thread(work) : new Thread(work) {
                @Override
                public synchronized void start() {
                    throw refusal;
                }
            });
            return made.getLast();
        }, 5, () -> { })));
        assertEquals(4, made.size());
        made.forEach(thread -> assertFalse(thread.isAlive()));
    }

    @Test
    void aClosedTeamHasNoThreads() {
        Team team = new Team("team-test-closed", 4);
        team.run(4, 1, 4, (member, first, end) -> { });
        team.close();
        assertFalse(Thread.getAllStackTraces().keySet().stream().anyMatch(t -> t.getName().startsWith("team-test-closed")));
    }
}
