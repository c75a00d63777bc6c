package org.alcove.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.alcove.api.worker.Failure;
import org.alcove.api.worker.WorkerStatus.State;
import org.alcove.ranked.Origin;
import org.junit.jupiter.api.Test;

class HeartbeatTest {

    private final Platform platform = new Platform();

    private State stateAfter(String id, int seconds) {
        platform.time.pass(Duration.ofSeconds(seconds));
        return platform.status(id).state();
    }

    @Test
    void aWorkerThatThrowsInsteadOfBeatingIsLateThenGoneThenBack() {
        FakeWorker worker = platform.worker("w", "m");
        assertEquals(State.READY, stateAfter("w", 0));
        worker.onStatus = () -> {
            throw new IllegalStateException("broken");
        };
        assertEquals(State.READY, stateAfter("w", 15));
        assertEquals(State.LATE, stateAfter("w", 1));
        assertEquals(State.LATE, stateAfter("w", 44));
        assertEquals(State.GONE, stateAfter("w", 1));
        String reason = platform.status("w").reason();
        assertTrue(reason.contains("61 s") && reason.contains("broken") && reason.contains("bundle-of-w 1.0.0"), reason);
        assertTrue(platform.refusal(Failure.Unavailable.class, "m").message().contains("is gone"));
        worker.onStatus = () -> { };
        assertEquals(State.READY, stateAfter("w", 0));
        assertEquals("", platform.status("w").reason());
    }

    @Test
    void anEngineThatHangsShowsThoughItsWorkerAnswers() {
        FakeWorker worker = platform.worker("w", "m");
        Instant stuck = platform.time.now();
        worker.lastBeat = () -> stuck;
        assertEquals(State.READY, stateAfter("w", 15));
        assertEquals(State.LATE, stateAfter("w", 1));
        assertEquals(State.GONE, stateAfter("w", 45));
    }

    @Test
    void aWorkerWithoutHeartbeatNeverIsLate() {
        FakeWorker worker = platform.worker("w", "m");
        worker.heartbeat = false;
        Instant stuck = platform.time.now();
        worker.lastBeat = () -> stuck;
        assertEquals(State.READY, stateAfter("w", 1000));
    }

    @Test
    void aClockThatIsSetForwardMakesNobodyLate() {
        FakeWorker worker = platform.worker("w", "m");
        assertEquals(State.READY, stateAfter("w", 0));
        Instant future = platform.time.now().plusSeconds(3600);
        worker.lastBeat = () -> future;
        assertEquals(State.READY, stateAfter("w", 0));
    }

    @Test
    void aStatusThatHangsDelaysNobodyElse() throws InterruptedException {
        Platform brisk = new Platform(Duration.ofSeconds(5));
        CountDownLatch hang = new CountDownLatch(1);
        FakeWorker stuck = brisk.worker("stuck", "m");
        FakeWorker well = brisk.worker("well", "m");
        brisk.controller.workers();
        AtomicInteger questions = new AtomicInteger();
        CountDownLatch asked = new CountDownLatch(1);
        stuck.onStatus = () -> {
            questions.incrementAndGet();
            asked.countDown();
            try {
                hang.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        };
        brisk.controller.heartbeat().beat();
        assertTrue(asked.await(60, TimeUnit.SECONDS));
        CountDownLatch beats = new CountDownLatch(1);
        well.onStatus = beats::countDown;
        // Long enough ago that nobody waits for the answer.
        brisk.time.pass(Duration.ofSeconds(10));
        for (int i = 0; beats.getCount() > 0 && i < 600; i++) {
            // It may still owe the answer before, and is then not asked until the next beat.
            brisk.controller.heartbeat().beat();
            assertTrue(beats.await(100, TimeUnit.MILLISECONDS) || i < 599, "the one that is well was not asked");
        }
        brisk.time.pass(Duration.ofSeconds(6));
        assertEquals(State.LATE, brisk.status("stuck").state());
        assertEquals(State.READY, brisk.status("well").state());
        brisk.controller.heartbeat().beat();
        brisk.time.pass(Duration.ofSeconds(50));
        assertEquals(State.GONE, brisk.status("stuck").state());
        assertEquals(1, questions.get(), "a worker that owes an answer is not asked again");
        hang.countDown();
    }

    @Test
    void aWorkerThatLeavesIsForgottenAndItsHangingQuestionEnds() throws InterruptedException {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch ended = new CountDownLatch(1);
        FakeWorker worker = new FakeWorker("w", platform.time, "m");
        worker.onStatus = () -> {
            asked.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                ended.countDown();
            }
        };
        Origin origin = platform.origin("x");
        platform.workers.add(worker, origin);
        platform.controller.heartbeat().beat();
        assertTrue(asked.await(60, TimeUnit.SECONDS));
        platform.workers.remove(origin.id());
        assertTrue(ended.await(60, TimeUnit.SECONDS));
        assertTrue(platform.controller.workers().isEmpty());
    }

    @Test
    void workersAreListedInTheOrderInWhichTheyRegistered() {
        platform.workers.add(new FakeWorker("second", platform.time, "m"), new Origin(500, 9, "b"));
        platform.workers.add(new FakeWorker("first", platform.time, "m"), new Origin(400, 0, "a"));
        assertEquals("first", platform.controller.workers().getFirst().id());
    }

    @Test
    void theThreadOfTheHeartEndsWithTheController() throws InterruptedException {
        CountDownLatch beaten = new CountDownLatch(2);
        platform.worker("w", "m").onStatus = beaten::countDown;
        Settings quick = new Settings("first", Map.of(), Duration.ofNanos(1), Duration.ofSeconds(15), Duration.ofSeconds(60),
                1, Duration.ZERO, Platform.SETTINGS.rest(), List.of());
        Heartbeat heartbeat = new Heartbeat(platform.workers, () -> quick);
        heartbeat.start();
        assertTrue(beaten.await(60, TimeUnit.SECONDS));
        heartbeat.close();
        assertTrue(heartbeat.join(Duration.ofSeconds(60)));
    }
}
