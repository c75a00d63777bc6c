package org.alcove.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.alcove.api.control.Dispatch;
import org.alcove.api.scheduling.Choice;
import org.alcove.api.worker.Failure;
import org.alcove.api.worker.Generation;
import org.alcove.api.worker.GenerationEvent;
import org.alcove.api.worker.RequestException;
import org.alcove.ranked.Origin;
import org.junit.jupiter.api.Test;

class CountTest {

    private static final int REQUESTS = 2_000;
    private static final int CALLERS = 20;

    private final Platform platform = new Platform();

    @Test
    void theCountRisesAtOnceAndFallsOnceWhenTheRequestEnds() throws InterruptedException {
        FakeWorker worker = platform.worker("w", "m");
        Generation first = platform.generate("m");
        Generation second = platform.generate("m");
        assertEquals(2, platform.status("w").queueLength());
        first.close();
        first.close();
        assertEquals(1, platform.status("w").queueLength());
        Platform.last(second);
        assertEquals(0, platform.status("w").queueLength());
        second.close();
        assertEquals(0, platform.status("w").queueLength(), "the worker says " + worker.status().queueLength());
    }

    @Test
    void theNextRequestSeesTheChoiceBeforeIt() {
        platform.policies.add("fewest", Platform.FEWEST, platform.origin("x"));
        platform.controller.configure(Platform.settings("fewest", Map.of(), 100));
        platform.worker("a", "m");
        platform.worker("b", "m");
        platform.worker("c", "m");
        for (int i = 0; i < 9; i++) {
            platform.generate("m");
        }
        platform.controller.workers().forEach(worker -> assertEquals(3, worker.queueLength(), worker.id()));
    }

    @Test
    void requestsThatComeTogetherSpreadEvenly() throws Exception {
        platform.policies.add("fewest", Platform.FEWEST, platform.origin("x"));
        platform.controller.configure(Platform.settings("fewest", Map.of(), 100));
        for (int i = 0; i < 4; i++) {
            platform.worker("w" + i, "m");
        }
        together(400, i -> platform.generate("m"));
        platform.controller.workers().forEach(worker -> assertEquals(100, worker.queueLength(), worker.id()));
    }

    @Test
    void requestsAreChosenForOneAfterTheOther() throws Exception {
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        platform.policies.add("first", (request, candidates, random) -> {
            most.accumulateAndGet(inside.incrementAndGet(), Math::max);
            for (int i = 0; i < 20; i++) {
                Thread.yield();
            }
            inside.decrementAndGet();
            return new Choice(candidates.getFirst(), "slowly");
        }, new Origin(900, 1, "slow"));
        platform.worker("w", "m");
        together(100, i -> platform.generate("m").close());
        assertEquals(1, most.get());
    }

    private interface Step {
        void run(int i) throws Exception;
    }

    private static void together(int count, Step step) throws Exception {
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> results = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                int number = i;
                results.add(callers.submit(() -> {
                    step.run(number);
                    return null;
                }));
            }
            for (Future<?> result : results) {
                result.get();
            }
        }
    }

    @Test
    void whateverHappensEveryCountFallsExactlyOnceAndEveryRequestIsToldOnce() throws Exception {
        for (int i = 0; i < 3; i++) {
            platform.worker("w" + i, "m").answers = request -> moody();
        }
        together(REQUESTS, number -> {
            Random random = new Random(number);
            try (Generation generation = platform.generate("m")) {
                int reads = random.nextInt(5);
                Thread closer = random.nextBoolean() ? Thread.startVirtualThread(generation::close) : null;
                for (int i = 0; i < reads; i++) {
                    generation.next();
                }
                if (closer != null) {
                    closer.join();
                }
            } catch (RequestException e) {
                assertTrue(e.failure() instanceof Failure.Overloaded || e.failure() instanceof Failure.Internal, e.getMessage());
            }
        });
        platform.assertNothingOpen();
        assertEquals(REQUESTS, platform.records.size());
    }

    private static Generation moody() {
        Failure full = new Failure.Overloaded(Duration.ofSeconds(1), "full");
        return switch (ThreadLocalRandom.current().nextInt(6)) {
            case 0 -> throw new RequestException(full);
            case 1 -> throw new IllegalStateException("oops");
            case 2 -> FakeGeneration.failing(full);
            case 3 -> new FakeGeneration(List.of(FakeGeneration.started()));
            case 4 -> new Generation() {
                @Override
                public GenerationEvent next() {
                    throw new IllegalStateException("oops");
                }

                @Override
                public void close() {
                    throw new IllegalStateException("oops");
                }
            };
            default -> FakeGeneration.saying("a", "b", "c");
        };
    }

    @Test
    void thePolicyChangesUnderLoadWithoutALostRequest() throws Exception {
        platform.worker("w1", "m");
        platform.worker("w2", "m");
        platform.policies.add("fewest", Platform.FEWEST, platform.origin("x"));
        platform.controller.configure(Platform.settings("first", Map.of(), REQUESTS));
        // Whoever has had its tenth request first has had them all before the first change, and so on: both policies choose.
        together(CALLERS, caller -> {
            for (int i = 0; i < REQUESTS / CALLERS; i++) {
                if (i % 10 == 0 && i > 0) {
                    platform.controller.configure(Platform.settings(i % 20 == 0 ? "first" : "fewest", Map.of(), REQUESTS));
                }
                assertTrue(Platform.last(platform.generate("m")) instanceof GenerationEvent.Finished);
            }
        });
        platform.assertNothingOpen();
        assertEquals(Set.of("first", "fewest"),
                platform.controller.dispatches().stream().map(Dispatch::policy).collect(Collectors.toSet()));
    }
}
