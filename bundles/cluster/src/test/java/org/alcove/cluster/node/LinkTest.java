package org.alcove.cluster.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.alcove.api.worker.WorkerStatus;
import org.alcove.cluster.stub.FakeWorker;
import org.alcove.cluster.stub.StubPeer;
import org.alcove.cluster.wire.PeerClient;
import org.alcove.cluster.wire.PeerSettings;
import org.alcove.cluster.wire.ProcessReport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LinkTest {

    private static final URI ADDRESS = URI.create("http://127.0.0.1:21002");
    private static final Duration INTERVAL = Duration.ofSeconds(45);
    private static final String REGISTER = "/register_worker";
    private static final String BEAT = "/receive_heart_beat";
    private static final String WELCOME = "{\"alcove\": {\"protocol\": 1, \"heartbeat_seconds\": 5, \"controller\": \"c\"}}";

    private final PeerClient client = new PeerClient(PeerSettings.open(Duration.ofSeconds(60), Duration.ofSeconds(60)));
    private final Residents residents = new Residents();
    private final FakeWorker worker = new FakeWorker("m").queue(3);

    @AfterEach
    void close() {
        client.close();
    }

    private Link link(URI controller) {
        residents.add(1, worker);
        return new Link(controller, client, ADDRESS, INTERVAL,
                () -> new ProcessReport("instance-1", residents.reports(FakeWorker.NOW)));
    }

    @Test
    void aWorkerRegistersAndBeatsAsOftenAsItsControllerWants() {
        try (StubPeer controller = new StubPeer().json(REGISTER, WELCOME).json(BEAT, "{\"exist\": true}")) {
            Link link = link(controller.address());
            assertEquals(Duration.ofSeconds(5), link.step());
            assertTrue(link.known());
            assertEquals(Duration.ofSeconds(5), link.step());
            assertEquals(Duration.ofSeconds(5), link.step());
            assertEquals(1, controller.asked(REGISTER).size());
            JsonNode registered = controller.asked(REGISTER).getFirst().json();
            assertEquals(ADDRESS.toString(), registered.path("worker_name").textValue());
            assertTrue(registered.path("check_heart_beat").booleanValue());
            assertEquals("{\"model_names\":[\"m\"],\"speed\":1.0,\"queue_length\":3}",
                    registered.path("worker_status").toString());
            assertEquals("instance-1", registered.at("/alcove/instance").textValue());
            assertEquals(2, controller.asked(BEAT).size());
            assertEquals(41.5, controller.asked(BEAT).getLast().json().at("/alcove/workers/0/speed").doubleValue());
        }
    }

    @Test
    void aWorkerThatIsNotKnownAnyMoreRegistersAtOnce() {
        try (StubPeer controller = new StubPeer().json(REGISTER, WELCOME).json(BEAT, "{\"exist\": false}")) {
            Link link = link(controller.address());
            link.step();
            assertEquals(Duration.ofSeconds(5), link.step());
            assertEquals(2, controller.asked(REGISTER).size());
            assertTrue(link.known());
        }
    }

    @Test
    void aControllerThatIsAwayIsTriedSoonThenLessOftenButNoLessOftenThanBeatsAreDue() {
        StubPeer controller = new StubPeer().json(REGISTER, WELCOME);
        int port = controller.port();
        Link link = link(controller.address());
        link.step();
        controller.close();
        List<Long> pauses = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            pauses.add(link.step().toMillis());
        }
        assertEquals(List.of(250L, 500L, 1000L, 2000L, 4000L, 5000L, 5000L), pauses);
        try (StubPeer back = new StubPeer(port).json(REGISTER, WELCOME).json(BEAT, "{\"exist\": false}")) {
            assertEquals(Duration.ofSeconds(5), link.step(), "one interval later it knows the worker");
            assertEquals(1, back.asked(REGISTER).size());
            link.step();
        }
        assertEquals(250, link.step().toMillis(), "what was in between is forgotten");
    }

    @Test
    void aRefusalIsNoRegistration() {
        try (StubPeer controller = new StubPeer().on(REGISTER,
                (asked, reply) -> reply.json(400, "{\"error\": {\"code\": \"unreachable\", \"message\": \"no way there\"}}"))) {
            Link link = link(controller.address());
            assertEquals(250, link.step().toMillis());
            assertFalse(link.known());
            assertTrue(controller.asked(BEAT).isEmpty());
        }
    }

    @Test
    void anotherVersionOfTheProtocolIsNoRegistration() {
        try (StubPeer controller = new StubPeer().json(REGISTER, WELCOME.replace("1", "2"))) {
            Link link = link(controller.address());
            assertEquals(250, link.step().toMillis());
            assertFalse(link.known());
        }
    }

    @Test
    void aFastChatControllerIsToldWhatItUnderstandsAndAgainWhenTheModelsChange() {
        try (StubPeer controller = new StubPeer().json(REGISTER, "null").json(BEAT, "{\"exist\": true}")) {
            Link link = link(controller.address());
            assertEquals(INTERVAL, link.step());
            assertEquals(INTERVAL, link.step());
            assertEquals("{\"worker_name\":\"" + ADDRESS + "\",\"queue_length\":3}",
                    controller.asked(BEAT).getLast().json().toString());
            worker.standing(WorkerStatus.State.FAILED);
            link.step();
            assertEquals(2, controller.asked(REGISTER).size());
            assertEquals("[]", controller.asked(REGISTER).getLast().json().at("/worker_status/model_names").toString());
            link.leave("instance-1");
            assertTrue(controller.asked("/alcove/v1/leave").isEmpty(), "it would not understand");
        }
    }

    @Test
    void oneOfOurControllersIsToldGoodbye() {
        try (StubPeer controller = new StubPeer().json(REGISTER, WELCOME).json("/alcove/v1/leave", "{}")) {
            Link link = link(controller.address());
            link.step();
            link.leave("instance-1");
            assertEquals("{\"worker_name\":\"" + ADDRESS + "\",\"instance\":\"instance-1\"}",
                    controller.asked("/alcove/v1/leave").getFirst().json().toString());
        }
    }
}
