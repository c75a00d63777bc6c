package org.alcove.cluster.remote;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.alcove.api.worker.Failure;
import org.alcove.api.worker.Generation;
import org.alcove.api.worker.GenerationEvent;
import org.alcove.api.worker.RequestException;
import org.alcove.cluster.stub.StubPeer;
import org.alcove.cluster.wire.Json;
import org.alcove.cluster.wire.PeerClient;
import org.alcove.cluster.wire.PeerSettings;
import org.alcove.cluster.wire.RequestCodec;
import org.alcove.cluster.wire.Requests;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
class RemoteWorkerTest {

    private static final String GENERATE = "/alcove/v1/generate";
    private static final String STARTED =
            "{\"type\":\"started\",\"worker\":\"local-m\",\"fingerprint\":\"print\",\"seed\":7,\"prompt_tokens\":12}";
    private static final String DELTA =
            "{\"type\":\"delta\",\"text\":\"Hi\",\"tokens\":[],\"resume\":{\"keep\":0,\"add\":\"AQI=\"}}";
    private static final String FINISHED = "{\"type\":\"finished\",\"reason\":\"STOP\","
            + "\"usage\":{\"prompt_tokens\":12,\"cached_tokens\":0,\"completion_tokens\":1}}";

    private final StubPeer peer = new StubPeer();
    private final PeerClient client = Workers.client();
    private final RemoteWorker worker = Workers.remote(peer, client, Workers.PATIENCE);

    @AfterEach
    void close() {
        peer.close();
        client.close();
    }

    private Generation ask() {
        return worker.generate(Requests.chat("m", "hello"));
    }

    private Failure failureOf(List<GenerationEvent> events) {
        return assertInstanceOf(GenerationEvent.Failed.class, events.getLast()).failure();
    }

    @Test
    void anAnswerComesAsItWasWrittenUnderTheIdOfTheWholeCluster() throws InterruptedException {
        peer.on(GENERATE, (asked, reply) -> reply.stream(200).frame(STARTED).frame(DELTA).frame(FINISHED).end());
        List<GenerationEvent> events = Workers.read(ask());
        assertEquals(new GenerationEvent.Started(peer.address() + "#m", "print", 7, 12), events.get(0));
        GenerationEvent.Delta delta = (GenerationEvent.Delta) events.get(1);
        assertEquals("Hi", delta.text());
        assertEquals("print", delta.resume().orElseThrow().fingerprint());
        assertArrayEquals(new byte[] {1, 2}, delta.resume().orElseThrow().state());
        assertEquals(new GenerationEvent.Finished(GenerationEvent.Reason.STOP, new GenerationEvent.Usage(12, 0, 1)),
                events.get(2));
        assertEquals(3, events.size());
    }

    @Test
    void itsEvidenceIsAskedForWithTheNonce() {
        peer.json("/alcove/v1/evidence", "{\"evidence\":\"AwQ=\"}");
        assertArrayEquals(new byte[] {3, 4}, worker.evidence(new byte[] {1, 2}));
        assertEquals("AQI=", peer.asked("/alcove/v1/evidence").getFirst().json().path("nonce").textValue());
    }

    @Test
    void theWholeRequestIsSent() {
        peer.on(GENERATE, (asked, reply) -> reply.stream(200).frame(STARTED).frame(FINISHED).end());
        try (Generation answer = ask()) {
            assertEquals(Requests.chat("m", "hello"),
                    RequestCodec.of(Json.read(peer.asked(GENERATE).getFirst().body(), "it")));
        }
    }

    @Test
    void framesAreReadWhereverTheNetworkCutsThem() throws InterruptedException {
        byte[] all = (STARTED + "\0" + DELTA.replace("Hi", "Grüße") + "\0\0" + FINISHED + "\0").getBytes(StandardCharsets.UTF_8);
        peer.on(GENERATE, (asked, reply) -> {
            reply.stream(200);
            for (byte one : all) {
                reply.chunk(new byte[] {one});
            }
            reply.end();
        });
        List<GenerationEvent> events = Workers.read(ask());
        assertEquals("Grüße", ((GenerationEvent.Delta) events.get(1)).text());
        assertEquals(3, events.size());
    }

    @Test
    void aConnectionIsUsedAgainAfterAWholeAnswer() throws InterruptedException {
        peer.on(GENERATE, (asked, reply) -> reply.stream(200).frame(STARTED).frame(FINISHED).end());
        // The end of a stream may come too late to keep its connection, but not always.
        int asked = 0;
        do {
            Workers.read(ask());
            asked++;
        } while (asked < 2 || peer.connections() == asked && asked < 50);
        assertTrue(peer.connections() < asked, "each of " + asked + " answers took a connection of its own");
    }

    @Test
    void aWorkerThatDiesInTheMiddleIsLost() throws InterruptedException {
        CountDownLatch read = new CountDownLatch(1);
        peer.on(GENERATE, (asked, reply) -> {
            reply.stream(200).frame(STARTED).frame(DELTA);
            reply.await(read);
            reply.die();
        });
        Generation answer = ask();
        answer.next();
        answer.next();
        read.countDown();
        Failure failure = failureOf(Workers.read(answer));
        assertInstanceOf(Failure.Unavailable.class, failure);
        assertTrue(failure.message().contains(peer.address() + "#m was lost"), failure.message());
    }

    @Test
    void anAnswerThatEndsWithoutItsEndWasCutOff() throws InterruptedException {
        peer.on(GENERATE, (asked, reply) -> reply.stream(200).frame(STARTED).frame(DELTA).end());
        Failure failure = failureOf(Workers.read(ask()));
        assertInstanceOf(Failure.Unavailable.class, failure);
        assertTrue(failure.message().contains("cut off"), failure.message());
    }

    @Test
    void anAnswerThatEndsWithinAFrameWasCutOff() throws InterruptedException {
        peer.on(GENERATE, (asked, reply) -> reply.stream(200).frame(STARTED).chunk("{\"type\"".getBytes(StandardCharsets.UTF_8))
                .end());
        assertInstanceOf(Failure.Unavailable.class, failureOf(Workers.read(ask())));
    }

    @Test
    void aWorkerThatFallsSilentIsLostAndHungUpOn() throws InterruptedException {
        CountDownLatch hungUp = new CountDownLatch(1);
        peer.on(GENERATE, (asked, reply) -> {
            try {
                reply.stream(200).frame(STARTED);
                reply.awaitHangUp();
            } finally {
                // The patience may be over before the frame is out, which then cannot be written.
                hungUp.countDown();
            }
        });
        RemoteWorker impatient = Workers.remote(peer, client, Duration.ofMillis(50));
        Failure failure = failureOf(Workers.read(impatient.generate(Requests.chat("m", "hello"))));
        assertInstanceOf(Failure.Unavailable.class, failure);
        assertTrue(failure.message().contains("50 ms"), failure.message());
        assertTrue(hungUp.await(60, TimeUnit.SECONDS));
    }

    @Test
    void aWorkerThatPingsIsNotLost() throws InterruptedException {
        peer.on(GENERATE, (asked, reply) -> {
            reply.stream(200).frame(STARTED);
            for (int i = 0; i < 3; i++) {
                reply.frame("{\"type\":\"ping\",\"beat_age_ms\":30}");
            }
            reply.frame(FINISHED).end();
        });
        assertEquals(2, Workers.read(ask()).size());
    }

    @Test
    void aWorkerWhoseEngineStandsStillIsLostThoughItPings() throws InterruptedException {
        peer.on(GENERATE, (asked, reply) -> {
            reply.stream(200).frame(STARTED).frame("{\"type\":\"ping\",\"beat_age_ms\":60001}");
            reply.awaitHangUp();
        });
        Failure failure = failureOf(Workers.read(ask()));
        assertInstanceOf(Failure.Unavailable.class, failure);
        assertTrue(failure.message().contains("60001 ms") && failure.message().contains("60000 ms"), failure.message());
    }

    @Test
    void whatIsNoAnswerIsNamedAndNotQuoted() throws InterruptedException {
        for (String garbage : List.of("secretword", "{\"type\":\"song\",\"x\":\"secretword\"}", DELTA, "[\"secretword\"]",
                STARTED + "\0" + STARTED)) {
            peer.on(GENERATE, (asked, reply) -> {
                reply.stream(200).frame(garbage);
                reply.awaitHangUp();
            });
            Failure failure = failureOf(Workers.read(ask()));
            assertInstanceOf(Failure.Internal.class, failure);
            assertTrue(failure.message().contains(peer.address() + "#m"), failure.message());
            assertFalse(failure.message().contains("secretword"), failure.message());
        }
    }

    @Test
    void aFrameThatIsTooLargeEndsTheAnswer() throws InterruptedException {
        peer.on(GENERATE, (asked, reply) -> {
            reply.stream(200).frame(STARTED);
            byte[] much = "x".repeat(1 << 14).getBytes(StandardCharsets.UTF_8);
            for (int i = 0; i < 5; i++) {
                reply.chunk(much);
            }
            reply.awaitHangUp();
        });
        Failure failure = failureOf(Workers.read(ask()));
        assertInstanceOf(Failure.Internal.class, failure);
        assertTrue(failure.message().contains("65536 bytes"), failure.message());
    }

    @Test
    void halfACharacterIsNoAnswer() throws InterruptedException {
        byte[] half = STARTED.replace("local-m", "\u4f60").getBytes(StandardCharsets.UTF_8);
        half[STARTED.indexOf("local-m") + 2] = '"';
        peer.on(GENERATE, (asked, reply) -> reply.stream(200).chunk(half).chunk(new byte[1]).end());
        assertTrue(failureOf(Workers.read(ask())).message().contains("UTF-8"));
    }

    @Test
    void aWorkerThatIsNotThereIsUnavailable() {
        peer.close();
        RequestException refused = assertThrows(RequestException.class, this::ask);
        assertInstanceOf(Failure.Unavailable.class, refused.failure());
        assertInstanceOf(IOException.class, refused.getCause());
        assertTrue(refused.getMessage().contains("connection refused"), refused.getMessage());
    }

    @Test
    void aWorkerThatTakesTheConnectionAndSaysNothingIsUnavailable() {
        peer.on(GENERATE, (asked, reply) -> reply.awaitHangUp());
        try (PeerClient impatient = new PeerClient(
                PeerSettings.open(Workers.PATIENCE, Duration.ofMillis(50)))) {
            RemoteWorker silent = Workers.remote(peer, impatient, Workers.PATIENCE);
            RequestException refused = assertThrows(RequestException.class, () -> silent.generate(Requests.chat("m", "hello")));
            assertInstanceOf(Failure.Unavailable.class, refused.failure());
            assertTrue(refused.getMessage().contains("50 ms"), refused.getMessage());
        }
    }

    @Test
    void aRefusalAtTheDoorIsPassedOn() {
        peer.on(GENERATE, (asked, reply) -> reply.json(429, "{\"type\":\"failed\",\"failure\":"
                + "{\"kind\":\"overloaded\",\"message\":\"full\",\"retry_after_ms\":2500}}\0"));
        RequestException refused = assertThrows(RequestException.class, this::ask);
        assertEquals(new Failure.Overloaded(Duration.ofMillis(2500), "full"), refused.failure());
    }

    @Test
    void anErrorWithoutAFailureTellsItsStatus() {
        peer.on(GENERATE, (asked, reply) -> reply.json(502, "<html>"));
        assertTrue(assertThrows(RequestException.class, this::ask).getMessage().contains("502"));
        peer.on(GENERATE, (asked, reply) -> reply.json(401, "{}"));
        assertTrue(assertThrows(RequestException.class, this::ask).getMessage().contains("--cluster-secret"));
    }

    @Test
    void closingFromAnotherThreadEndsTheAnswerAtBothEnds() throws InterruptedException {
        CountDownLatch hungUp = new CountDownLatch(1);
        peer.on(GENERATE, (asked, reply) -> {
            reply.stream(200).frame(STARTED);
            reply.awaitHangUp();
            hungUp.countDown();
        });
        Generation answer = ask();
        answer.next();
        Thread closer = Thread.ofVirtual().start(answer::close);
        assertNull(answer.next());
        closer.join();
        assertTrue(hungUp.await(60, TimeUnit.SECONDS));
        answer.close();
    }

    @Test
    void anInterruptedReaderLosesNothing() throws InterruptedException {
        CountDownLatch goOn = new CountDownLatch(1);
        peer.on(GENERATE, (asked, reply) -> {
            reply.stream(200).frame(STARTED).chunk("{\"type\":".getBytes(StandardCharsets.UTF_8));
            reply.await(goOn);
            reply.frame(DELTA.substring("{\"type\":".length())).frame(FINISHED).end();
        });
        Generation answer = ask();
        answer.next();
        Thread.currentThread().interrupt();
        assertThrows(InterruptedException.class, answer::next);
        goOn.countDown();
        assertEquals("Hi", ((GenerationEvent.Delta) answer.next()).text());
        assertInstanceOf(GenerationEvent.Finished.class, answer.next());
        assertNull(answer.next());
    }
}
