package org.alcove.core.guard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.alcove.api.guard.AnswerWatch;
import org.alcove.api.guard.Guard;
import org.alcove.api.guard.Guards;
import org.alcove.api.guard.Verdict;
import org.alcove.api.guard.Vigil;
import org.alcove.api.worker.Failure;
import org.alcove.api.worker.GenerateRequest;
import org.alcove.api.worker.GenerationEvent;
import org.alcove.api.worker.RequestContext;
import org.alcove.api.worker.RequestException;
import org.alcove.api.worker.SamplingParameters;
import org.alcove.api.worker.TokenProbability;
import org.alcove.ranked.Origin;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GuardRegistryTest {

    private static final Duration LONG = Duration.ofSeconds(60);
    private static final Guard ADMITS = request -> Verdict.PASS;

    private final List<GuardRegistry> opened = new ArrayList<>();
    private final GuardRegistry guards = guards(LONG);
    private final AtomicLong ids = new AtomicLong();

    private GuardRegistry guards(Duration bound, String... required) {
        GuardRegistry registry = new GuardRegistry(new Rules(bound, List.of(required), Optional.empty()));
        opened.add(registry);
        return registry;
    }

    @AfterEach
    void close() {
        opened.forEach(GuardRegistry::stop);
    }

    private long add(GuardRegistry registry, String name, int ranking, Guard guard) {
        Origin origin = new Origin(ids.incrementAndGet(), ranking, "bundle-of-" + name + " 1.0.0");
        registry.add(name, guard, origin);
        return origin.id();
    }

    private static Guard refuses(String reason) {
        return request -> new Verdict.Refuse(reason);
    }

    /** Admits every request and ends answers at a piece of this text. */
    private static Guard ends(String at) {
        return watching(text -> !text.equals(at));
    }

    private static Guard watching(AnswerWatch watch) {
        return new Guard() {
            @Override
            public Verdict judge(GenerateRequest request) {
                return Verdict.PASS;
            }

            @Override
            public Optional<AnswerWatch> watch(GenerateRequest request) {
                return Optional.of(watch);
            }
        };
    }

    private static GenerateRequest request() {
        return new GenerateRequest("m", RequestContext.named("r"), new GenerateRequest.Text("my secret"),
                SamplingParameters.GREEDY, GenerateRequest.Limits.tokens(5), GenerateRequest.Logprobs.NONE);
    }

    private static GenerationEvent.Delta delta(String text) {
        return new GenerationEvent.Delta(text, List.of(new TokenProbability(1, new byte[0], Float.NaN, List.of())),
                Optional.empty());
    }

    private <T extends Failure> T refusal(GuardRegistry registry, Class<T> kind) {
        return assertInstanceOf(kind, assertThrows(RequestException.class, () -> registry.admit(request())).failure());
    }

    @Test
    void withoutGuardsNothingIsWatchedAndEventsPassAsTheyAre() {
        assertSame(Vigil.NONE, guards.admit(request()));
        GenerationEvent event = delta("a");
        assertSame(event, Vigil.NONE.see(event));
    }

    @Test
    void aRefusalNamesTheGuardAndGivesItsReason() {
        add(guards, "polite", 0, refuses("say please"));
        assertEquals(new Failure.Refused("polite", "say please"), refusal(guards, Failure.Refused.class));
        assertEquals(List.of(new Guards.Figures("polite", 1, 1, 0, 0)), guards.figures());
    }

    @Test
    void theHighestRankingIsAskedFirstAndNobodyAfterARefusal() {
        add(guards, "late", -1, request -> {
            throw new AssertionError("asked after a refusal");
        });
        add(guards, "second", 0, refuses("second"));
        assertEquals("second", refusal(guards, Failure.Refused.class).guard());
        add(guards, "first", 7, refuses("first"));
        assertEquals("first", refusal(guards, Failure.Refused.class).guard());
    }

    @Test
    void ofOneNameTheBestRankingIsAskedAndTheOtherWhenItGoes() {
        add(guards, "g", 0, refuses("old"));
        long better = add(guards, "g", 1, refuses("new"));
        assertEquals("new", refusal(guards, Failure.Refused.class).message());
        guards.remove(better);
        assertEquals("old", refusal(guards, Failure.Refused.class).message());
    }

    @Test
    void aGuardThatWatchesNothingCostsTheAnswerNothing() {
        add(guards, "g", 0, ADMITS);
        assertSame(Vigil.NONE, guards.admit(request()));
    }

    @Test
    void anAnswerEndsInFrontOfTheTextThatDoesNotPass() {
        add(guards, "g", 0, ends("b"));
        Vigil vigil = guards.admit(request());
        GenerationEvent started = new GenerationEvent.Started("w", "f", 1, 7);
        assertSame(started, vigil.see(started));
        GenerationEvent first = delta("a");
        assertSame(first, vigil.see(first));
        assertEquals(new GenerationEvent.Finished(GenerationEvent.Reason.CONTENT_FILTER, new GenerationEvent.Usage(7, 0, 2)),
                vigil.see(delta("b")));
        assertEquals(List.of(new Guards.Figures("g", 1, 0, 1, 0)), guards.figures());
    }

    @Test
    void aWatchSeesEveryTextOnceInOrderAndNoneThatIsEmpty() {
        List<String> seen = new ArrayList<>();
        add(guards, "g", 0, watching(seen::add));
        Vigil vigil = guards.admit(request());
        List.of("a", "", "bc", "d").forEach(text -> vigil.see(delta(text)));
        vigil.see(new GenerationEvent.Finished(GenerationEvent.Reason.STOP, new GenerationEvent.Usage(1, 0, 4)));
        assertEquals(List.of("a", "bc", "d"), seen);
    }

    @Test
    void whoThrowsHasSaidNoAndIsNamedWithoutItsWords() {
        add(guards, "g", 0, request -> {
            throw new IllegalStateException("my secret");
        });
        Failure.Unavailable failure = refusal(guards, Failure.Unavailable.class);
        assertEquals("the guard g of bundle bundle-of-g 1.0.0 threw java.lang.IllegalStateException;"
                + " replace or remove that bundle", failure.message());
        assertEquals(1, guards.figures().getFirst().failed());
    }

    @Test
    void whoLacksAClassOrGivesNoAnswerHasSaidNo() {
        long first = add(guards, "g", 0, request -> {
            throw new NoClassDefFoundError("com.example.Words");
        });
        assertTrue(refusal(guards, Failure.Unavailable.class).message().contains("threw java.lang.NoClassDefFoundError"));
        guards.remove(first);
        add(guards, "g", 0, request -> null);
        assertTrue(refusal(guards, Failure.Unavailable.class).message().contains("gave no answer"));
    }

    @Test
    void whoThrowsInTheMiddleOfAnAnswerEndsItWithAnErrorThatNamesItsBundle() {
        add(guards, "g", 0, watching(text -> {
            throw new IllegalStateException(text);
        }));
        GenerationEvent.Failed failed = assertInstanceOf(GenerationEvent.Failed.class, guards.admit(request()).see(delta("x")));
        assertTrue(assertInstanceOf(Failure.Unavailable.class, failed.failure()).message().contains("bundle-of-g 1.0.0"));
    }

    @Test
    void whoHangsHasSaidNoAndIsNotAskedAnyMoreWhileManyCallsHang() throws InterruptedException {
        GuardRegistry impatient = guards(Duration.ofMillis(5));
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch entered = new CountDownLatch(8);
        CountDownLatch returned = new CountDownLatch(8);
        add(impatient, "g", 0, request -> {
            entered.countDown();
            uninterruptibly(release);
            returned.countDown();
            return Verdict.PASS;
        });
        String hangs = "took longer than 5 ms";
        String barred = "has not returned from 8 calls";
        // On a busy machine a call may be given up before it reached the guard; until then it counts among the eight.
        while (entered.getCount() > 0) {
            String message = refusal(impatient, Failure.Unavailable.class).message();
            assertTrue(message.contains(hangs) || message.contains(barred), message);
        }
        assertTrue(refusal(impatient, Failure.Unavailable.class).message().contains(barred));
        assertEquals(8, returned.getCount());
        release.countDown();
        returned.await();
    }

    private static void uninterruptibly(CountDownLatch latch) {
        while (true) {
            try {
                latch.await();
                return;
            } catch (InterruptedException e) {
                // A guard that listens to nobody.
            }
        }
    }

    @Test
    void anAnswerGoesOnWithoutAGuardThatIsTakenAway() {
        long id = add(guards, "g", 0, ends("b"));
        Vigil vigil = guards.admit(request());
        assertNotSame(Vigil.NONE, vigil);
        guards.remove(id);
        GenerationEvent event = delta("b");
        assertSame(event, vigil.see(event));
    }

    @Test
    void anAnswerIsNotWatchedByAGuardThatCameAfterItBegan() {
        add(guards, "old", 0, ends("x"));
        Vigil vigil = guards.admit(request());
        add(guards, "new", 9, ends("a"));
        GenerationEvent event = delta("a");
        assertSame(event, vigil.see(event));
        assertInstanceOf(GenerationEvent.Finished.class, guards.admit(request()).see(event));
    }

    @Test
    void aGuardWhoseBundleGoesUnderItFailsNobody() {
        long[] id = new long[1];
        id[0] = add(guards, "g", 0, request -> {
            guards.remove(id[0]);
            throw new IllegalStateException("stopped");
        });
        assertSame(Vigil.NONE, guards.admit(request()));
        long[] watcher = new long[1];
        watcher[0] = add(guards, "g", 0, watching(text -> {
            guards.remove(watcher[0]);
            throw new IllegalStateException("stopped");
        }));
        GenerationEvent event = delta("a");
        assertSame(event, guards.admit(request()).see(event));
        assertEquals(0, guards.figures().getFirst().failed());
    }

    @Test
    void withoutARequiredGuardNothingIsServed() {
        GuardRegistry strict = guards(LONG, "g");
        assertTrue(refusal(strict, Failure.Unavailable.class).message().startsWith("the guard g is required"));
        long id = add(strict, "g", 0, ADMITS);
        assertSame(Vigil.NONE, strict.admit(request()));
        strict.remove(id);
        refusal(strict, Failure.Unavailable.class);
    }

    @Test
    void whatIsSealedIsShownByWhoOpensIt() {
        GuardRegistry strict = guards(LONG, "missing");
        add(strict, "g", 0, refuses("never"));
        GenerateRequest sealed = new GenerateRequest("m", RequestContext.named("r").withSealedBody(new byte[1]),
                new GenerateRequest.Text(""), SamplingParameters.GREEDY, GenerateRequest.Limits.tokens(5),
                GenerateRequest.Logprobs.NONE);
        assertSame(Vigil.NONE, strict.admit(sealed));
    }

    @Test
    void anInterruptWhileAGuardIsAskedLosesNothingAndIsKept() {
        add(guards, "g", 0, ends("b"));
        Vigil vigil = guards.admit(request());
        Thread.currentThread().interrupt();
        GenerationEvent event = delta("a");
        assertSame(event, vigil.see(event));
        assertTrue(Thread.interrupted());
        assertFalse(Thread.currentThread().isInterrupted());
    }
}
