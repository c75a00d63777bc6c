package org.alcove.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.alcove.api.worker.Failure;
import org.alcove.api.worker.GenerateRequest;
import org.alcove.api.worker.GenerateRequest.Limits;
import org.alcove.api.worker.Generation;
import org.alcove.api.worker.RequestException;
import org.alcove.engine.TokenEvent;
import org.junit.jupiter.api.Test;

class AdmissionTest {

    private static final int REQUESTS = 3_000;
    private static final int PLACES = 3;

    private final Bench bench = new Bench();

    @Test
    void beyondThePlacesARequestIsRefusedAtOnceWithTheNumbers() {
        List<Generation> in = new ArrayList<>();
        for (int i = 0; i < PLACES; i++) {
            in.add(bench.model.generate(Bench.request(Limits.tokens(1))));
        }
        Failure.Overloaded failure = assertInstanceOf(Failure.Overloaded.class, assertThrows(RequestException.class,
                () -> bench.model.generate(Bench.request(Limits.tokens(1)))).failure());
        assertTrue(failure.message().contains("has 3 requests, and takes 2 at once and 1 more"), failure.message());
        assertTrue(failure.retryAfter().compareTo(Duration.ofSeconds(1)) >= 0);
        assertEquals(PLACES, bench.engine.submitted.size());
        in.getFirst().close();
        in.add(bench.model.generate(Bench.request(Limits.tokens(1))));
        in.forEach(Generation::close);
        bench.assertNothingLeft();
    }

    /** Two run at once. */
    @Test
    void thePlaceInLineIsThatOfTheEnginesOrder() {
        Admission admission = new Admission(2, 10, InstantSource.system());
        Admission.Place first = admission.enter(0);
        Admission.Place second = admission.enter(0);
        Admission.Place third = admission.enter(0);
        Admission.Place fourth = admission.enter(0);
        assertEquals(List.of(0, 0, 1, 2), Stream.of(first, second, third, fourth).map(Admission.Place::inLine).toList());
        first.begin();
        second.begin();
        Admission.Place urgent = admission.enter(5);
        assertEquals(List.of(0, 0, 2, 3, 1),
                Stream.of(first, second, third, fourth, urgent).map(Admission.Place::inLine).toList());
        first.close();
        assertEquals(List.of(0, 0, 1, 2, 0),
                Stream.of(first, second, third, fourth, urgent).map(Admission.Place::inLine).toList());
        third.close();
        assertEquals(List.of(0, 1), Stream.of(third, fourth).map(Admission.Place::inLine).toList());
    }

    @Test
    void whatIsRefusedBeforeItRunsLeavesNoPlaceTaken() {
        for (int i = 0; i < 2 * PLACES; i++) {
            bench.refusal(Failure.ContextOverflow.class, Bench.request(Limits.tokens(1000)));
            bench.refusal(Failure.Unavailable.class, Bench.request(Bench.chat("x"), Limits.tokens(1)));
        }
    }

    @Test
    void placesNeverLeakWhateverHappens() throws Exception {
        bench.engine.instead = (request, position) -> request.sampling().seed().orElse(0) % 5 == 0 && position == 3
                ? new TokenEvent.Failed(TokenEvent.Fault.INTERNAL, "broken") : null;
        AtomicInteger admitted = new AtomicInteger();
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> results = new ArrayList<>();
            for (int i = 0; i < REQUESTS; i++) {
                int number = i;
                results.add(callers.submit(() -> {
                    one(new Random(number), number, admitted);
                    return null;
                }));
            }
            for (Future<?> result : results) {
                result.get();
            }
        }
        bench.assertNothingLeft();
        assertTrue(admitted.get() >= PLACES, "nobody was let in");
    }

    private void one(Random random, int number, AtomicInteger admitted) throws InterruptedException {
        GenerateRequest request = Bench.request(random.nextInt(10) == 0 ? Limits.tokens(1000) : Limits.tokens(5));
        request = Bench.with(request, request.sampling().withSeed(number), request.logprobs());
        try (Generation generation = bench.model.generate(request)) {
            admitted.incrementAndGet();
            assertTrue(bench.admission.count() <= PLACES);
            Thread closer = random.nextBoolean() ? Thread.startVirtualThread(generation::close) : null;
            for (int reads = random.nextInt(12); reads > 0; reads--) {
                generation.next();
            }
            if (closer != null) {
                closer.join();
            }
        } catch (RequestException e) {
            assertTrue(e.failure() instanceof Failure.Overloaded || e.failure() instanceof Failure.ContextOverflow);
        }
    }

    @Test
    void aClosedDoorLetsNobodyInAndWaitsForThoseInside() throws Exception {
        Admission.Place place = bench.admission.enter(0);
        bench.admission.close();
        assertInstanceOf(Failure.Unavailable.class,
                assertThrows(RequestException.class, () -> bench.admission.enter(0)).failure());
        assertFalse(bench.admission.awaitEmpty(Duration.ZERO));
        Thread.startVirtualThread(place::close);
        assertTrue(bench.admission.awaitEmpty(Duration.ofSeconds(60)));
    }

    @Test
    void itsLastUseIsNowWhileSomebodyIsInAndThenWhenTheLastOneLeft() {
        Instant[] now = {Instant.EPOCH.plusSeconds(10)};
        Admission admission = new Admission(1, 1, () -> now[0]);
        assertEquals(Optional.empty(), admission.lastUse());
        Admission.Place place = admission.enter(0);
        now[0] = now[0].plusSeconds(5);
        assertEquals(Optional.of(now[0]), admission.lastUse());
        place.close();
        Instant left = now[0];
        now[0] = now[0].plusSeconds(5);
        place.close();
        assertEquals(Optional.of(left), admission.lastUse());
    }
}
