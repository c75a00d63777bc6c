package org.alcove.connect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import org.alcove.api.worker.Failure;
import org.alcove.api.worker.GenerateRequest;
import org.alcove.api.worker.Generation;
import org.alcove.api.worker.GenerationEvent;
import org.alcove.api.worker.RequestContext;
import org.alcove.api.worker.SamplingParameters;
import org.alcove.attestation.Policy;
import org.alcove.attestation.tdx.TestPlatform;
import org.alcove.cluster.wire.EventWriter;
import org.alcove.cluster.wire.Json;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a server says in the open while a sealed request waits in the line of its worker. */
@Timeout(300)
class PlaceInLineTest {

    private static final Duration STALL = Duration.ofSeconds(20);
    private static final String POLICY = "{\"version\":1,\"allow_mock\":true,\"measurements\":{\"mr_td\":\"any\","
            + "\"rtmr_0\":\"any\",\"rtmr_1\":\"any\",\"rtmr_2\":\"any\",\"rtmr_3\":\"any\",\"mr_config_id\":\"any\"}}";

    private FakeServer server;
    private SealedClient client;

    @BeforeEach
    void verify() throws Exception {
        server = new FakeServer(Optional.empty(), new byte[32]);
        server.gate = new CountDownLatch(1);
        server.answer.addAll(List.of(new GenerationEvent.Started("local-m", "f", 7, 3),
                new GenerationEvent.Delta("text", List.of(), Optional.empty()),
                new GenerationEvent.Finished(GenerationEvent.Reason.STOP, new GenerationEvent.Usage(3, 0, 2))));
        client = new SealedClient(List.of(new VerifiedServer.Settings(server.address(), Optional.empty(), false,
                Duration.ofMinutes(3), STALL)), server.platform.verifier(), () -> TestPlatform.NOW);
        client.verify(Policy.read(POLICY.getBytes(StandardCharsets.UTF_8)), server.platform.collateral());
    }

    @AfterEach
    void stop() {
        client.close();
        server.close();
    }

    private Generation ask() {
        return client.generate(new GenerateRequest("m", RequestContext.named("r"), new GenerateRequest.Text("prompt"),
                SamplingParameters.GREEDY, GenerateRequest.Limits.tokens(9), GenerateRequest.Logprobs.NONE));
    }

    @Test
    void itIsToldWhileTheRequestWaitsAndNoLongerWhenTheAnswerComes() throws Exception {
        server.aside.add(Json.bytes(EventWriter.ping(Duration.ZERO, 5)));
        server.aside.add(Json.bytes(EventWriter.ping(Duration.ofSeconds(1), 3)));
        try (Generation answer = ask()) {
            assertInstanceOf(GenerationEvent.Started.class, answer.next());
            assertEquals(0, answer.placeInLine(), "nobody told it yet");
            FutureTask<GenerationEvent> next = new FutureTask<>(answer::next);
            Thread.ofVirtual().start(next);
            while (answer.placeInLine() != 3 && !Thread.currentThread().isInterrupted()) {
                Thread.onSpinWait();
            }
            assertEquals(3, answer.placeInLine());
            server.gate.countDown();
            assertEquals("text", assertInstanceOf(GenerationEvent.Delta.class, next.get()).text());
            assertEquals(0, answer.placeInLine());
        }
    }

    @Test
    void aServerThatSaysThatNothingMovesThereIsLost() throws Exception {
        server.aside.add(Json.bytes(EventWriter.ping(STALL.plusMillis(1))));
        try (Generation answer = ask()) {
            answer.next();
            GenerationEvent.Failed failed = assertInstanceOf(GenerationEvent.Failed.class, answer.next());
            assertInstanceOf(Failure.Unavailable.class, failed.failure());
            assertTrue(failed.failure().message().contains("nothing has moved there for 20001 ms"), failed.failure().message());
        }
    }
}
