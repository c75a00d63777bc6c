package org.alcove.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.alcove.api.control.RequestObserver;
import org.alcove.api.worker.Failure;
import org.alcove.api.worker.GenerationEvent;
import org.junit.jupiter.api.Test;

class PluginRequestsTest {

    private final Queue<Runnable> later = new ArrayDeque<>();
    private final AtomicInteger searches = new AtomicInteger();
    private final AtomicLong nanos = new AtomicLong();
    private final PluginRequests requests = new PluginRequests(() -> {
        searches.incrementAndGet();
        return Map.of("model-a", Set.of("kernel", "template"));
    }, nanos::get, later::add);

    @Test
    void anAnswerDoesNotWaitForTheSearchOfThePluginsThatServedIt() {
        requests.ended(record("model-a", new RequestObserver.Outcome.Done(GenerationEvent.Reason.STOP)));
        assertEquals(0, searches.get());
        later.remove().run();
        assertEquals(1, searches.get());
        assertEquals(1, requests.count("kernel"));
        assertEquals(1, requests.count("template"));
    }

    @Test
    void whoServesWhatIsFoundOutAgainOnlyAfterASecond() {
        for (long second : new long[] {0, 0, 1, 2}) {
            nanos.set(second * 1_000_000_000 + second);
            requests.ended(record("model-a", new RequestObserver.Outcome.Done(GenerationEvent.Reason.LENGTH)));
            later.remove().run();
        }
        assertEquals(3, searches.get());
        assertEquals(4, requests.count("kernel"));
    }

    @Test
    void aSearchThatFailsCostsOneCountOnly() {
        PluginRequests failing = new PluginRequests(() -> {
            if (searches.incrementAndGet() == 1) {
                throw new IllegalStateException("a bundle went meanwhile");
            }
            return Map.of("model-a", Set.of("kernel"));
        }, nanos::get, Runnable::run);
        RequestObserver.Record done = record("model-a", new RequestObserver.Outcome.Done(GenerationEvent.Reason.STOP));
        failing.ended(done);
        failing.ended(done);
        assertEquals(1, failing.count("kernel"));
    }

    @Test
    void requestsThatFailAndThoseForOtherModelsCountForNoPlugin() {
        requests.ended(record("model-a", new RequestObserver.Outcome.Broken(new Failure.Overloaded(Duration.ZERO, "full"))));
        assertEquals(0, later.size());
        requests.ended(record("model-b", new RequestObserver.Outcome.Done(GenerationEvent.Reason.STOP)));
        later.remove().run();
        assertEquals(0, requests.count("kernel"));
    }

    private static RequestObserver.Record record(String model, RequestObserver.Outcome outcome) {
        return new RequestObserver.Record("req-1", "", model, "local-1", Instant.EPOCH, Optional.empty(), Duration.ZERO, 1, 1,
                outcome);
    }
}
