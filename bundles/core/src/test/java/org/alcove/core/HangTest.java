package org.alcove.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.alcove.api.worker.Generation;
import org.alcove.api.worker.GenerationEvent;
import org.alcove.ranked.Origin;
import org.junit.jupiter.api.Test;

class HangTest {

    private static final String TEXT = "a story";
    /** Started, and three tokens. */
    private static final int TOLD = 4;

    private final Platform platform = new Platform();
    private final Origin origin = platform.origin("hanging");
    private final FakeWorker hanging = new FakeWorker("a", platform.time, "m");
    private final CountDownLatch inside = new CountDownLatch(1);
    private final CountDownLatch taken = new CountDownLatch(TOLD);

    HangTest() {
        hanging.answers = request -> {
            Scribe scribe = new Scribe(TEXT, hanging, request, TOLD, Scribe.End.HANGS);
            return new Generation() {
                private int events;

                @Override
                public GenerationEvent next() throws InterruptedException {
                    if (events++ == TOLD) {
                        inside.countDown();
                    }
                    return scribe.next();
                }

                @Override
                public void close() {
                    // It hangs here, too.
                    try {
                        new CountDownLatch(1).await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                }
            };
        };
        platform.workers.add(hanging, origin);
    }

    private CompletableFuture<String> read(Generation generation) {
        CompletableFuture<String> text = new CompletableFuture<>();
        Thread.startVirtualThread(() -> {
            StringBuilder told = new StringBuilder();
            try {
                for (GenerationEvent event = generation.next(); event != null; event = generation.next()) {
                    told.append(event instanceof GenerationEvent.Delta delta ? delta.text() : "");
                    taken.countDown();
                }
                text.complete(told.toString());
            } catch (InterruptedException e) {
                text.completeExceptionally(e);
            }
        });
        return text;
    }

    /** The worker hangs, and its reader has taken what came before: an event that waits to be taken is no silence. */
    private void awaitSilence() throws InterruptedException {
        assertTrue(inside.await(60, TimeUnit.SECONDS) && taken.await(60, TimeUnit.SECONDS), "nothing hangs");
    }

    @Test
    void anAnswerOfAWorkerThatHangsGoesOnElsewhereOnceItIsGone() throws Exception {
        Generation generation = platform.generate("m");
        Scribe.writes(TEXT, platform.worker("b", "m"));
        CompletableFuture<String> text = read(generation);
        awaitSilence();
        Instant stuck = platform.time.now();
        hanging.lastBeat = () -> stuck;
        platform.time.pass(Duration.ofSeconds(59));
        platform.controller.workers();
        platform.controller.heartbeat().beat();
        assertFalse(text.isDone(), "late is not gone");
        platform.time.pass(Duration.ofSeconds(2));
        platform.controller.workers();
        platform.controller.heartbeat().beat();
        assertEquals(TEXT, text.get(60, TimeUnit.SECONDS));
        assertTrue(platform.controller.dispatches().getFirst().reason()
                .startsWith("goes on after 3 tokens, because worker a was lost (worker a was lost: no heartbeat for 61 s"),
                platform.controller.dispatches().getFirst().reason());
        platform.assertNothingOpen();
    }

    @Test
    void anAnswerOfAWorkerWhoseServiceLeftGoesOnElsewhereOnceNothingComes() throws Exception {
        Generation generation = platform.generate("m");
        Scribe.writes(TEXT, platform.worker("b", "m"));
        CompletableFuture<String> text = read(generation);
        awaitSilence();
        platform.workers.remove(origin.id());
        platform.time.pass(Duration.ofSeconds(4));
        platform.controller.heartbeat().beat();
        assertFalse(text.isDone(), "something may still come");
        platform.time.pass(Duration.ofSeconds(1));
        platform.controller.heartbeat().beat();
        assertEquals(TEXT, text.get(60, TimeUnit.SECONDS));
        assertTrue(platform.workers.departed().isEmpty());
    }

    @Test
    void anAnswerThatStillComesFromAWorkerThatIsGoneIsNotGivenUp() throws Exception {
        Scribe.writes(TEXT, hanging);
        Generation generation = platform.generate("m");
        assertInstanceOf(GenerationEvent.Started.class, generation.next());
        platform.workers.remove(origin.id());
        StringBuilder told = new StringBuilder();
        for (GenerationEvent event = generation.next(); event != null; event = generation.next()) {
            told.append(event instanceof GenerationEvent.Delta delta ? delta.text() : "");
            platform.time.pass(Duration.ofSeconds(60));
            // What came is waiting to be read, or comes in a moment: await it, so that the beat finds it.
            while (!platform.workers.departed().isEmpty() && platform.workers.departed().getFirst().running().stream()
                    .anyMatch(assignment -> !assignment.silence().isZero())) {
                Thread.onSpinWait();
            }
            platform.controller.heartbeat().beat();
        }
        assertEquals(TEXT, told.toString());
        assertEquals(1, platform.controller.dispatches().size());
    }

    @Test
    void aReaderThatLeavesWhileAnotherWorkerIsAwaitedIsNotHeldUpEither() throws Exception {
        Scribe.writes(TEXT, hanging, 4, Scribe.End.STOPS);
        platform.time.stands = true;
        Generation generation = platform.generate("m");
        CompletableFuture<String> text = read(generation);
        assertTrue(platform.time.waiting.await(60, TimeUnit.SECONDS));
        generation.close();
        assertEquals("a ", text.get(60, TimeUnit.SECONDS));
    }

    @Test
    void aReaderThatLeavesAWorkerThatHangsIsNotHeldUp() throws Exception {
        hanging.answers = request -> new Scribe(TEXT, hanging, request, 4, Scribe.End.HANGS);
        Generation generation = platform.generate("m");
        CompletableFuture<String> text = read(generation);
        generation.close();
        assertTrue("a s".startsWith(text.get(60, TimeUnit.SECONDS)));
        platform.assertNothingOpen();
    }
}
