package org.alcove.cluster.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.alcove.api.worker.WorkerStatus;
import org.alcove.cluster.node.NodeHarness;
import org.alcove.cluster.stub.FakeWorker;
import org.alcove.cluster.stub.FastChatApiMock;
import org.alcove.cluster.stub.FastChatWorkerMock;
import org.alcove.cluster.stub.Frames;
import org.alcove.cluster.stub.StubPeer;
import org.alcove.cluster.stub.TestDoor;
import org.junit.jupiter.api.Test;

/** FastChat's workers and API servers, and a controller of ours. */
class ForeignHubTest {

    private static final Duration LONG = Duration.ofSeconds(60);
    private static final String REGISTER = "/register_worker";
    private static final String BEAT = "/receive_heart_beat";

    private static String registration(URI address, boolean beats) {
        return "{\"worker_name\": \"" + address + "\", \"check_heart_beat\": " + beats + ", \"worker_status\": {\"model_names\":"
                + " [\"v\"], \"speed\": 1, \"queue_length\": 0}, \"multimodal\": false}";
    }

    private static String beat(URI address, int queue) {
        return "{\"worker_name\": \"" + address + "\", \"queue_length\": " + queue + "}";
    }

    @Test
    void aFastChatWorkerRegistersBeatsAndIsTold() {
        try (HubHarness hub = new HubHarness(); FastChatWorkerMock worker = new FastChatWorkerMock("v")) {
            assertEquals("{\"exist\":false}", hub.json(BEAT, beat(worker.address(), 1)).toString());
            assertEquals("null", hub.post(REGISTER, registration(worker.address(), true)).body());
            assertEquals("{\"exist\":true}", hub.json(BEAT, beat(worker.address(), 7)).toString());
            WorkerStatus status = hub.control.workers().getFirst();
            assertEquals(worker.address() + "#v", status.id());
            assertEquals(7, status.queueLength());
            assertEquals(WorkerStatus.State.READY, status.state());
            assertFalse(worker.sawSecret());
            assertEquals("{\"model_names\":[\"v\"],\"speed\":1.0,\"queue_length\":7}",
                    hub.json("/worker_get_status", "").toString());
        }
    }

    @Test
    void oneThatDoesNotListenYetGetsNothingUntilItDoes() throws InterruptedException {
        StubPeer reserved = new StubPeer();
        reserved.close();
        try (HubHarness hub = new HubHarness()) {
            assertEquals("null", hub.post(REGISTER, registration(reserved.address(), true)).body());
            assertEquals(WorkerStatus.State.STARTING, hub.control.workers().getFirst().state());
            assertEquals("{\"address\":\"\"}", hub.json("/get_worker_address", "{\"model\": \"v\"}").toString());
            try (StubPeer listening = new StubPeer(reserved.port())
                    .json("/worker_get_status", "{\"model_names\": [\"v\"], \"speed\": 1, \"queue_length\": 0}")
                    .json("/model_details", "{\"context_length\": 2048}")) {
                hub.pass(1);
                long until = System.nanoTime() + LONG.toNanos();
                while (hub.control.workers().getFirst().state() != WorkerStatus.State.READY) {
                    assertTrue(System.nanoTime() < until, "it was not asked again");
                    Thread.onSpinWait();
                }
                assertEquals(listening.address().toString(),
                        hub.json("/get_worker_address", "{\"model\": \"v\"}").path("address").textValue());
            }
        }
    }

    @Test
    void oneThatDoesNotEvenSayWhatItServesAndCannotBeReachedIsRefused() {
        StubPeer gone = new StubPeer();
        gone.close();
        try (HubHarness hub = new HubHarness(); StubPeer senseless = new StubPeer()) {
            assertEquals(400, hub.post(REGISTER,
                    "{\"worker_name\": \"" + gone.address() + "\", \"check_heart_beat\": true}").statusCode());
            senseless.json("/worker_get_status", "<html>");
            assertEquals(400, hub.post(REGISTER, registration(senseless.address(), true)).statusCode());
            assertTrue(hub.control.ids().isEmpty());
        }
    }

    @Test
    void itsBeatsMayBeFarApartButNotMissing() {
        try (HubHarness hub = new HubHarness(); FastChatWorkerMock worker = new FastChatWorkerMock("v")) {
            hub.post(REGISTER, registration(worker.address(), true));
            hub.pass(45);
            assertFalse(hub.control.workers().getFirst().heartbeat(), "no reason to call it late");
            hub.json(BEAT, beat(worker.address(), 0));
            hub.pass(51);
            WorkerStatus missing = hub.control.workers().getFirst();
            assertTrue(missing.heartbeat());
            assertEquals(FakeWorker.NOW.plusSeconds(45), missing.lastBeat());
            hub.json(BEAT, beat(worker.address(), 0));
            assertFalse(hub.control.workers().getFirst().heartbeat());
            hub.pass(601);
            assertTrue(hub.control.ids().isEmpty(), "forgotten");
            assertEquals("{\"exist\":false}", hub.json(BEAT, beat(worker.address(), 0)).toString());
        }
    }

    @Test
    void oneThatDoesNotBeatStays() {
        try (HubHarness hub = new HubHarness(); FastChatWorkerMock worker = new FastChatWorkerMock("v")) {
            hub.post(REGISTER, registration(worker.address(), false));
            hub.pass(1000);
            assertEquals(1, hub.control.ids().size());
            assertFalse(hub.control.workers().getFirst().heartbeat());
        }
    }

    @Test
    void anApiServerOfFastChatFindsAWorkerOfOursThroughUs() {
        FakeWorker worker = new FakeWorker("m");
        try (HubHarness hub = new HubHarness(); NodeHarness node = new NodeHarness(TestDoor.OPEN, LONG, worker)) {
            hub.post(REGISTER, RegistrationTest.registration(node, node.door().address().toString()));
            FastChatApiMock api = FastChatApiMock.through(hub.address(), "m");
            assertEquals(node.door().address(), api.worker());
            assertEquals("Once upon a time", api.chat("m", "Be brief.", List.of("Hi")));
            worker.standing(WorkerStatus.State.PAUSED);
            hub.json(BEAT, new org.alcove.cluster.wire.Beat(node.door().address().toString(), 0,
                    java.util.Optional.of(node.report())).json().toString());
            assertNull(FastChatApiMock.through(hub.address(), "m"), "nobody takes requests");
        }
    }

    @Test
    void whatAnApiServerOfFastChatWasToldCountsUntilTheSecondBeat() {
        try (HubHarness hub = new HubHarness(); FastChatWorkerMock worker = new FastChatWorkerMock("v")) {
            hub.post(REGISTER, registration(worker.address(), true));
            String id = worker.address() + "#v";
            hub.json("/get_worker_address", "{\"model\": \"v\"}");
            hub.json("/get_worker_address", "{\"model\": \"v\"}");
            assertEquals(2, hub.control.count(id));
            hub.json(BEAT, beat(worker.address(), 2));
            hub.json("/get_worker_address", "{\"model\": \"v\"}");
            assertEquals(3, hub.control.count(id));
            hub.json(BEAT, beat(worker.address(), 3));
            assertEquals(1, hub.control.count(id));
            hub.pass(101);
            assertEquals(0, hub.control.count(id), "where no beat comes, time ends it");
        }
    }

    @Test
    void anApiServerOfFastChatIsToldOfNoWorkerThatHasJustLeft() {
        try (HubHarness hub = new HubHarness(); FastChatWorkerMock leaving = new FastChatWorkerMock("v");
                FastChatWorkerMock staying = new FastChatWorkerMock("v")) {
            hub.post(REGISTER, registration(leaving.address(), true));
            hub.post(REGISTER, registration(staying.address(), true));
            hub.control.meanwhile(hub.control.worker(leaving.address() + "#v")::dismiss);
            assertEquals(staying.address().toString(),
                    hub.json("/get_worker_address", "{\"model\": \"v\"}").path("address").textValue());
        }
    }

    @Test
    void aStreamThroughTheControllerIsOneOfAWorker() {
        try (HubHarness hub = new HubHarness(); FastChatWorkerMock worker = new FastChatWorkerMock("v");
                NodeHarness node = new NodeHarness(TestDoor.OPEN, LONG, new FakeWorker("m"))) {
            hub.post(REGISTER, registration(worker.address(), true));
            hub.post(REGISTER, RegistrationTest.registration(node, node.door().address().toString()));
            var ours = Frames.of(hub.post("/worker_generate_stream", "{\"model\": \"m\", \"prompt\": \"x\"}").body()).getLast();
            assertEquals("xOnce upon a time", ours.path("text").textValue());
            var theirs = Frames.of(hub.post("/worker_generate_stream",
                    "{\"model\": \"v\", \"prompt\": \"x\", \"echo\": false}").body()).getLast();
            assertEquals("Hello", theirs.path("text").textValue());
            var nobodys = Frames.of(hub.post("/worker_generate_stream", "{\"model\": \"w\", \"prompt\": \"x\"}").body());
            assertEquals(40301, nobodys.getLast().path("error_code").intValue());
        }
    }
}
