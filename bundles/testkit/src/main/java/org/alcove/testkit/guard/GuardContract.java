package org.alcove.testkit.guard;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.alcove.api.guard.AnswerWatch;
import org.alcove.api.guard.Guard;
import org.alcove.api.guard.Verdict;
import org.alcove.api.worker.GenerateRequest;
import org.junit.jupiter.api.Test;

/**
 * What every guard promises. Extend it in a test of your own and say which guard is meant, and what it does not let pass: without
 * that nothing would show that it guards anything.
 */
public abstract class GuardContract {

    /** What core grants a guard by default, for one request or one piece of an answer. */
    private static final Duration BOUND = Duration.ofSeconds(2);
    private static final int THREADS = 8;
    private static final int ROUNDS = 50;

    /** The guard to be tested; asked for once in each test. */
    protected abstract Guard guard();

    /** A request that it lets pass. */
    protected GenerateRequest harmless() {
        return SampleRequests.chat("Tell me about otters.");
    }

    /** A request that it refuses; empty where it refuses none. */
    protected abstract Optional<GenerateRequest> refused();

    /** Pieces of an answer, in order, of which it lets all pass but the last; empty where it watches none. */
    protected abstract List<String> endedAt();

    @Test
    void aHarmlessRequestPassesAndItsAnswerIsWatchedOrNot() {
        Guard guard = guard();
        assertInstanceOf(Verdict.Pass.class, guard.judge(harmless()));
        assertNotNull(guard.watch(harmless()), "a guard that watches nothing says so with Optional.empty()");
    }

    @Test
    void everyKindOfPromptIsJudgedInTimeAndWithoutAThrow() {
        Guard guard = guard();
        for (GenerateRequest request : SampleRequests.odd()) {
            Verdict verdict = assertTimeoutPreemptively(BOUND, () -> guard.judge(request));
            assertNotNull(verdict, "a guard always gives a verdict");
            if (verdict instanceof Verdict.Pass) {
                Optional<AnswerWatch> watch = assertTimeoutPreemptively(BOUND, () -> guard.watch(request));
                assertNotNull(watch, "a guard that watches nothing says so with Optional.empty()");
            }
        }
    }

    @Test
    void aRefusalHasAReasonThatQuotesNothing() {
        refused().ifPresent(request -> {
            Verdict.Refuse refusal = assertInstanceOf(Verdict.Refuse.class, guard().judge(request));
            assertNotNull(refusal.reason(), "a refusal has a reason");
            assertFalse(refusal.reason().isBlank(), "a refusal has a reason");
            for (String text : SampleRequests.texts(request)) {
                assertFalse(text.length() > 3 && refusal.reason().contains(text), "the reason quotes the request");
            }
        });
    }

    @Test
    void anAnswerEndsWhereItIsSaidToAndNotBefore() {
        List<String> pieces = endedAt();
        if (!pieces.isEmpty()) {
            AnswerWatch watch = watch(guard());
            for (int i = 0; i < pieces.size(); i++) {
                assertEquals(i < pieces.size() - 1, watch.passes(pieces.get(i)), "of piece " + i);
            }
        }
    }

    @Test
    void answersAreWatchedEachForItself() {
        List<String> pieces = endedAt();
        if (!pieces.isEmpty()) {
            Guard guard = guard();
            AnswerWatch first = watch(guard);
            pieces.forEach(first::passes);
            AnswerWatch second = watch(guard);
            pieces.subList(0, pieces.size() - 1).forEach(piece -> assertTrue(second.passes(piece),
                    "the guard remembers another answer"));
        }
    }

    @Test
    void anyTextOfAnAnswerIsSeenInTimeAndWithoutAThrow() {
        Optional<AnswerWatch> watch = guard().watch(harmless());
        if (watch.isPresent()) {
            assertTimeoutPreemptively(BOUND.multipliedBy(SampleRequests.ODD_TEXTS.size()),
                    () -> SampleRequests.ODD_TEXTS.stream().filter(text -> !text.isEmpty()).forEach(watch.get()::passes));
        }
    }

    @Test
    void manyThreadsAtOnceGetTheSameVerdict() throws Exception {
        Guard guard = guard();
        Optional<GenerateRequest> refused = refused();
        try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                all.add(threads.submit(() -> {
                    for (int round = 0; round < ROUNDS; round++) {
                        assertInstanceOf(Verdict.Pass.class, guard.judge(harmless()));
                        refused.ifPresent(request -> assertInstanceOf(Verdict.Refuse.class, guard.judge(request)));
                    }
                }));
            }
            for (Future<?> one : all) {
                assertDoesNotThrow(() -> one.get());
            }
        }
    }

    private AnswerWatch watch(Guard guard) {
        return guard.watch(harmless()).orElseThrow(() -> new AssertionError("the guard watches no answer"));
    }
}
