package org.alcove.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.alcove.api.control.Controller;
import org.alcove.api.control.RequestObserver.Outcome;
import org.alcove.api.guard.Vigil;
import org.alcove.api.worker.Failure;
import org.alcove.api.worker.GenerationEvent;
import org.alcove.api.worker.RequestException;
import org.junit.jupiter.api.Test;

/** A request that waits for room is one, however often it is tried. */
class PendingRequestTest {

    private static final Failure FULL = new Failure.Overloaded(Duration.ofSeconds(1), "full");

    private final Platform platform = new Platform();
    private final AtomicInteger judged = new AtomicInteger();

    PendingRequestTest() {
        platform.guards = request -> {
            judged.incrementAndGet();
            return Vigil.NONE;
        };
    }

    private static Failure refusal(Controller.Pending pending) {
        return assertThrows(RequestException.class, pending::generate).failure();
    }

    @Test
    void aRequestThatFindsTheWorkersFullIsJudgedAndRecordedOnceWhenItIsServed() throws InterruptedException {
        FakeWorker worker = platform.worker("w", "m");
        worker.refuseWith(FULL);
        try (Controller.Pending pending = platform.controller.prepare(Platform.request("m"))) {
            for (int i = 0; i < 3; i++) {
                assertEquals(FULL, refusal(pending));
            }
            assertTrue(platform.records.isEmpty());
            worker.answers = request -> FakeGeneration.saying("a");
            assertInstanceOf(GenerationEvent.Finished.class, Platform.last(pending.generate()));
        }
        assertEquals(1, judged.get());
        assertEquals(1, platform.records.size());
        assertInstanceOf(Outcome.Done.class, platform.records.getFirst().outcome());
        platform.assertNothingOpen();
    }

    @Test
    void oneThatIsGivenUpIsCancelledAndOneThatIsRefusedIsBroken() {
        FakeWorker worker = platform.worker("w", "m");
        worker.refuseWith(FULL);
        try (Controller.Pending pending = platform.controller.prepare(Platform.request("m"))) {
            refusal(pending);
        }
        assertInstanceOf(Outcome.Cancelled.class, platform.records.getLast().outcome());
        worker.refuseWith(new Failure.Unavailable(Duration.ofSeconds(1), "no template"));
        try (Controller.Pending pending = platform.controller.prepare(Platform.request("m"))) {
            refusal(pending);
        }
        assertInstanceOf(Outcome.Broken.class, platform.records.getLast().outcome());
        assertEquals(2, platform.records.size());
    }

    @Test
    void oneThatTheGuardsRefuseIsRecordedAtOnce() {
        platform.guards = request -> {
            throw new RequestException(new Failure.Refused("g", "no"));
        };
        assertThrows(RequestException.class, () -> platform.controller.prepare(Platform.request("m")));
        assertInstanceOf(Outcome.Broken.class, platform.records.getFirst().outcome());
    }
}
