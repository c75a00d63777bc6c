package org.alcove.openai;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.alcove.api.worker.Failure;
import org.alcove.api.worker.GenerateRequest;
import org.alcove.api.worker.GenerateRequest.Limits;
import org.alcove.api.worker.GenerateRequest.Logprobs;
import org.alcove.api.worker.GenerationEvent;
import org.alcove.api.worker.RequestContext;
import org.alcove.api.worker.RequestException;
import org.alcove.api.worker.SamplingParameters;
import org.junit.jupiter.api.Test;

/** Choices of one request that find the workers full. */
class WaitingChoiceTest {

    private static final Duration MOMENT = Duration.ofMillis(500);

    private final FakeController controller = new FakeController();

    private ParallelChoices choices(int count) {
        List<GenerateRequest> requests = IntStream.range(0, count).mapToObj(i -> new GenerateRequest("tiny",
                RequestContext.named("req-" + i), new GenerateRequest.Text("Hi"), SamplingParameters.GREEDY, Limits.tokens(5),
                Logprobs.NONE)).toList();
        return new ParallelChoices(controller, requests, new Charge(tokens -> { }, List.of(requests.getFirst().input()), count));
    }

    /** One at a time is served; the others are told to come again after so long. */
    private void serveOne(Duration retryAfter) {
        controller.playOpen(FakeController.started());
        controller.refuse = request -> {
            if (controller.running.get() > 0) {
                throw new RequestException(new Failure.Overloaded(retryAfter, "full"));
            }
        };
    }

    @Test
    void aChoiceThatWaitsIsHandedInOnceHoweverOftenItIsTried() throws InterruptedException {
        serveOne(Duration.ofMillis(1));
        try (ParallelChoices choices = choices(3)) {
            choices.start();
            while (!choices.ended()) {
                ParallelChoices.Event event = choices.next(MOMENT);
                if (event != null && event.event() instanceof GenerationEvent.Started) {
                    assertNull(choices.next(MOMENT), "nothing comes while the next one waits");
                    controller.played.getLast().send(FakeController.finished(1));
                }
            }
        }
        assertEquals(List.of("req-0", "req-1", "req-2"), controller.asked.stream().map(it -> it.context().id()).toList());
        assertTrue(controller.tries.get() > 3, "tries: " + controller.tries.get());
        assertEquals(0, controller.given.get(), "each was served");
    }

    @Test
    void aChoiceThatWaitsIsNotTriedBeforeTheTimeItWasTold() throws InterruptedException {
        serveOne(Duration.ofMinutes(1));
        try (ParallelChoices choices = choices(2)) {
            choices.start();
            choices.next(MOMENT);
            assertNull(choices.next(MOMENT));
            assertEquals(2, controller.tries.get());
        }
        assertEquals(1, controller.given.get(), "the one that waited is taken back");
    }

    @Test
    void aChoiceThatIsRefusedForGoodEndsTheRequest() throws InterruptedException {
        serveOne(Duration.ofMillis(1));
        try (ParallelChoices choices = choices(2)) {
            choices.start();
            choices.next(MOMENT);
            controller.refuse = request -> {
                throw new RequestException(new Failure.Unavailable(MOMENT, "gone"));
            };
            ParallelChoices.Event event = choices.next(Duration.ofSeconds(60));
            assertTrue(event.event() instanceof GenerationEvent.Failed, "event: " + event);
        }
    }
}
