package org.alcove.cluster.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.alcove.api.worker.Failure;
import org.alcove.api.worker.GenerateRequest;
import org.alcove.api.worker.Generation;
import org.alcove.api.worker.GenerationEvent;
import org.alcove.api.worker.RequestContext;
import org.alcove.api.worker.SamplingParameters;
import org.alcove.api.worker.WorkerStatus;
import org.alcove.cluster.stub.FakeWorker;
import org.alcove.cluster.stub.Frames;
import org.alcove.cluster.stub.TestDoor;
import org.alcove.cluster.wire.FrameReader;
import org.alcove.cluster.wire.PeerClient;
import org.alcove.cluster.wire.PeerSettings;
import org.alcove.cluster.wire.RequestCodec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
class OwnPeerTest {

    private static final Duration LONG = Duration.ofSeconds(60);

    private static GenerateRequest asked(String model) {
        return new GenerateRequest(model, RequestContext.named("r1"), new GenerateRequest.Text("<s>hi", true),
                SamplingParameters.GREEDY, GenerateRequest.Limits.tokens(9), GenerateRequest.Logprobs.NONE);
    }

    private static String request(String model) {
        return RequestCodec.json(asked(model)).toString();
    }

    @Test
    void anAnswerIsWrittenInFrames() {
        FakeWorker worker = new FakeWorker("m");
        try (NodeHarness node = new NodeHarness(TestDoor.OPEN, LONG, worker)) {
            HttpResponse<String> answer = node.door().post("/alcove/v1/generate", request("m"));
            List<JsonNode> frames = Frames.of(answer.body());
            assertEquals(200, answer.statusCode());
            assertEquals(List.of("started", "delta", "delta", "delta", "finished"),
                    frames.stream().map(frame -> frame.path("type").textValue()).toList());
            assertEquals("Once upon a time",
                    frames.stream().map(frame -> frame.path("text").asText()).reduce("", String::concat));
            assertEquals(new GenerateRequest.Text("<s>hi", true), worker.requests().getFirst().input());
            assertEquals(0, node.answers.count());
        }
    }

    @Test
    void aRefusalIsAFrameWithAFittingStatus() {
        FakeWorker worker = new FakeWorker("m").refusing(new Failure.Overloaded(Duration.ofSeconds(2), "full: 8 of 8"));
        try (NodeHarness node = new NodeHarness(TestDoor.OPEN, LONG, worker)) {
            HttpResponse<String> full = node.door().post("/alcove/v1/generate", request("m"));
            assertEquals(429, full.statusCode());
            assertEquals("overloaded", Frames.of(full.body()).getFirst().at("/failure/kind").textValue());
            assertEquals(404, node.door().post("/alcove/v1/generate", request("other")).statusCode());
            HttpResponse<String> senseless = node.door().post("/alcove/v1/generate", "{\"model\": 1}");
            assertEquals(400, senseless.statusCode());
            assertEquals("invalid", Frames.of(senseless.body()).getFirst().at("/failure/kind").textValue());
        }
    }

    @Test
    void whereNothingElseIsSaidThereArePings() throws IOException, InterruptedException {
        FakeWorker worker = new FakeWorker("m").endless();
        try (NodeHarness node = new NodeHarness(TestDoor.OPEN, Duration.ofMillis(5), worker);
                PeerClient client = new PeerClient(PeerSettings.open(LONG, LONG));
                PeerClient.Opened answer = open(client, node)) {
            var frames = new FrameReader(answer.body(), 1 << 16, "test");
            String text = "";
            while (!text.contains("ping")) {
                text = read(frames);
            }
            assertEquals(30, Frames.json(text).path("beat_age_ms").intValue(), "how long the engine has not moved");
            worker.say(new GenerationEvent.Failed(new Failure.TimedOut("late")));
            while (!text.contains("failed")) {
                text = read(frames);
            }
            worker.awaitClosed();
        }
    }

    @Test
    void pingsTellThePlaceInLineAndAWorkerThatCannotTellItLosesNoAnswer() throws IOException, InterruptedException {
        FakeWorker worker = new FakeWorker("m").endless();
        worker.place = 3;
        try (NodeHarness node = new NodeHarness(TestDoor.OPEN, Duration.ofMillis(5), worker);
                PeerClient client = new PeerClient(PeerSettings.open(LONG, LONG));
                PeerClient.Opened answer = open(client, node)) {
            var frames = new FrameReader(answer.body(), 1 << 16, "test");
            awaitPing(frames, 3);
            worker.place = -1;
            awaitPing(frames, 0);
            worker.place = 1;
            awaitPing(frames, 1);
        }
    }

    private static void awaitPing(FrameReader frames, int place) throws IOException, InterruptedException {
        JsonNode frame = Frames.json(read(frames));
        while (!frame.path("type").asText().equals("ping") || frame.path("place").asInt() != place) {
            assertNotEquals("failed", frame.path("type").asText());
            frame = Frames.json(read(frames));
        }
    }

    private static PeerClient.Opened open(PeerClient client, NodeHarness node) throws IOException {
        return client.open(node.door().address(), "/alcove/v1/generate", RequestCodec.json(asked("m")), LONG);
    }

    private static String read(FrameReader frames) throws IOException, InterruptedException {
        return frames.next(LONG) instanceof FrameReader.Read.Frame(byte[] json) ? new String(json, StandardCharsets.UTF_8) : "";
    }

    @Test
    void aReaderThatHangsUpEndsTheAnswer() throws IOException, InterruptedException {
        FakeWorker worker = new FakeWorker("m").endless();
        try (NodeHarness node = new NodeHarness(TestDoor.OPEN, Duration.ofMillis(5), worker);
                PeerClient client = new PeerClient(PeerSettings.open(LONG, LONG))) {
            open(client, node).close();
            worker.awaitClosed();
        }
    }

    @Test
    void aRequestIsCancelledByItsId() throws IOException, InterruptedException {
        FakeWorker worker = new FakeWorker("m").endless();
        try (NodeHarness node = new NodeHarness(TestDoor.OPEN, LONG, worker);
                PeerClient client = new PeerClient(PeerSettings.open(LONG, LONG));
                PeerClient.Opened answer = open(client, node)) {
            assertEquals(200, answer.status());
            assertEquals(200, node.door().post("/alcove/v1/cancel", "{\"id\": \"another\"}").statusCode());
            assertEquals(1, node.answers.count());
            assertEquals(200, node.door().post("/alcove/v1/cancel", "{\"id\": \"r1\"}").statusCode());
            worker.awaitClosed();
        }
    }

    @Test
    void drainingAndReopeningReachTheWorkerAndAreToldAtOnce() {
        FakeWorker worker = new FakeWorker("m");
        FakeWorker other = new FakeWorker("other");
        try (NodeHarness node = new NodeHarness(TestDoor.OPEN, LONG, worker, other)) {
            assertEquals(200, node.door().post("/alcove/v1/drain", "{\"model\": \"m\"}").statusCode());
            assertEquals(WorkerStatus.State.DRAINING, worker.status().state());
            assertEquals(WorkerStatus.State.READY, other.status().state());
            assertEquals(200, node.door().post("/alcove/v1/reopen", "{}").statusCode());
            assertEquals(WorkerStatus.State.READY, worker.status().state());
            assertEquals(404, node.door().post("/alcove/v1/drain", "{\"model\": \"none\"}").statusCode());
            assertEquals(2, node.nudges.get());
        }
    }

    @Test
    void theEvidenceOfAWorkerIsToldToThoseWhoAskWithANonce() {
        try (NodeHarness node = new NodeHarness(TestDoor.OPEN, LONG, new FakeWorker("m"))) {
            JsonNode told = Frames.json(node.door()
                    .post("/alcove/v1/evidence", "{\"model\": \"m\", \"nonce\": \"AQI=\"}").body());
            assertEquals("AQI=", told.path("evidence").textValue());
            assertEquals(400, node.door().post("/alcove/v1/evidence", "{\"model\": \"m\"}").statusCode());
            assertEquals(404, node.door().post("/alcove/v1/evidence", "{\"model\": \"n\", \"nonce\": \"AQI=\"}").statusCode());
        }
    }

    @Test
    void theStatusNamesTheProcessAndItsWorkers() {
        try (NodeHarness node = new NodeHarness(TestDoor.OPEN, LONG, new FakeWorker("m").queue(3))) {
            JsonNode status = Frames.json(node.door().get("/alcove/v1/status").body());
            assertEquals(NodeHarness.INSTANCE, status.path("instance").textValue());
            assertEquals(3, status.at("/workers/0/queue_length").intValue());
            assertEquals(30, status.at("/workers/0/beat_age_ms").intValue());
        }
    }

    @Test
    void aProcessThatStopsLetsNobodyInAndHandsOverWhatIsNotWhole() throws InterruptedException {
        FakeWorker worker = new FakeWorker("m").endless();
        try (NodeHarness node = new NodeHarness(TestDoor.OPEN, LONG, worker)) {
            Generation answer = node.answers.add("r1", worker.generate(asked("m")));
            node.answers.drain(Duration.ZERO, Duration.ZERO);
            GenerationEvent event = answer.next();
            assertTrue(event instanceof GenerationEvent.Failed failed && failed.failure() instanceof Failure.Unavailable,
                    "by which another worker goes on with it: " + event);
            assertEquals(503, node.door().post("/alcove/v1/generate", request("m")).statusCode());
            answer.close();
            assertEquals(0, node.answers.count());
        }
    }
}
