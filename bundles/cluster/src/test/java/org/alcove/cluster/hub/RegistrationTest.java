package org.alcove.cluster.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.alcove.cluster.door.AddressRanges;
import org.alcove.cluster.door.Credentials;
import org.alcove.cluster.door.Guard;
import org.alcove.cluster.node.NodeHarness;
import org.alcove.cluster.stub.FakeWorker;
import org.alcove.cluster.stub.Frames;
import org.alcove.cluster.stub.StubPeer;
import org.alcove.cluster.stub.TestDoor;
import org.alcove.cluster.wire.Registration;
import org.alcove.cluster.wire.Secret;
import org.alcove.cluster.wire.TlsFiles;
import org.junit.jupiter.api.Test;

class RegistrationTest {

    private static final Duration LONG = Duration.ofSeconds(60);
    private static final String REGISTER = "/register_worker";

    static String registration(NodeHarness node, String name) {
        return new Registration(name, true, Optional.empty(), false, Optional.of(node.report())).json().toString();
    }

    private static String refusal(HttpResponse<String> answer, int status) {
        assertEquals(status, answer.statusCode(), answer.body());
        return answer.body();
    }

    @Test
    void aWorkerThatAnswersAtItsAddressIsKnownAndToldHowOftenToBeat() {
        try (HubHarness hub = new HubHarness();
                NodeHarness node = new NodeHarness(TestDoor.OPEN, LONG, new FakeWorker("m"), new FakeWorker("n"))) {
            String address = node.door().address().toString();
            var welcome = hub.json(REGISTER, registration(node, address + "/")).path("alcove");
            assertEquals(5, welcome.path("heartbeat_seconds").intValue());
            assertEquals(1, welcome.path("protocol").intValue());
            assertEquals(List.of(address + "#m", address + "#n"), hub.control.ids());
            assertEquals("{\"models\":[\"m\",\"n\"]}", hub.json("/list_models", "").toString());
            assertEquals("\"success\"", hub.door().get("/test_connection").body());
        }
    }

    @Test
    void aNameIsResolvedOnceAndWhatItStandsForLaterIsNeverAsked() {
        AtomicInteger resolved = new AtomicInteger();
        Surveyor.Resolver rebinding = host -> new InetAddress[] {
            InetAddress.ofLiteral(resolved.getAndIncrement() == 0 ? "127.0.0.1" : "169.254.169.254")};
        try (HubHarness hub = new HubHarness(HubHarness.settings(100, 1000, 8), TestDoor.OPEN, client -> Optional.empty(),
                rebinding);
                NodeHarness node = new NodeHarness(TestDoor.OPEN, LONG, new FakeWorker("m")); StubPeer named = new StubPeer()) {
            named.json("/alcove/v1/status", node.report().json().toString()).json("/alcove/v1/drain", "{}");
            String address = "http://worker.invalid:" + named.port();
            hub.json(REGISTER, registration(node, address));
            hub.control.worker(address + "#m").drain();
            assertEquals("worker.invalid:" + named.port(), named.asked("/alcove/v1/drain").getFirst().headers().get("Host"));
            assertEquals(1, resolved.get());
            var listed = Frames.json(hub.door().get("/alcove/v1/workers?client=c").body()).at("/workers/0");
            assertEquals("127.0.0.1", listed.path("host_address").textValue());
            assertEquals(address, listed.path("address").textValue());
        }
    }

    @Test
    void anAddressWhereNobodyAnswersIsRefusedWithTheReason() {
        try (HubHarness hub = new HubHarness(); NodeHarness node = new NodeHarness(TestDoor.OPEN, LONG, new FakeWorker("m"))) {
            StubPeer gone = new StubPeer();
            gone.close();
            String why = refusal(hub.post(REGISTER, registration(node, gone.address().toString())), 400);
            assertTrue(why.contains("connection refused") && why.contains("--advertise"), why);
            assertTrue(hub.control.ids().isEmpty());
        }
    }

    @Test
    void anAddressWhereSomebodyElseAnswersIsRefusedWithTheReason() {
        try (HubHarness hub = new HubHarness(); NodeHarness node = new NodeHarness(TestDoor.OPEN, LONG, new FakeWorker("m"));
                StubPeer stranger = new StubPeer();
                StubPeer other = new StubPeer().json("/alcove/v1/status",
                        "{\"protocol\": 1, \"instance\": \"other\", \"workers\": []}")) {
            assertTrue(refusal(hub.post(REGISTER, registration(node, stranger.address().toString())), 400)
                    .contains("no worker of ours"));
            assertTrue(refusal(hub.post(REGISTER, registration(node, other.address().toString())), 409)
                    .contains("another process"));
            stranger.json("/alcove/v1/status", "garbage");
            assertTrue(refusal(hub.post(REGISTER, registration(node, stranger.address().toString())), 400)
                    .contains("no worker of ours"));
            assertTrue(hub.control.ids().isEmpty());
        }
    }

    @Test
    void whatIsNoAddressIsRefused() {
        try (HubHarness hub = new HubHarness(); NodeHarness node = new NodeHarness(TestDoor.OPEN, LONG, new FakeWorker("m"))) {
            for (String name : List.of("", "worker", "ftp://127.0.0.1:1", "http://user@127.0.0.1:1", "http://127.0.0.1:1/path",
                    "http://127.0.0.1:1?q", "http://127.0.0.1:1#f", "http://127.0.0.1:99999", "http://", "file:///etc/passwd",
                    "http://nowhere.invalid:1", "http://0.0.0.0:1", "http://224.0.0.1:1", "http://h:" + "1".repeat(600))) {
                String why = refusal(hub.post(REGISTER, registration(node, name)), 400);
                assertTrue(why.contains("bad_address"), why);
            }
        }
    }

    @Test
    void anUnknownPeerRegistersNothing() throws IOException {
        Secret secret = Secret.of("a-secret-of-many-characters", "test");
        Guard guard = new Guard(true, new Credentials(Optional.of(secret), new TlsFiles("", "", "", "")), AddressRanges.NONE);
        try (HubHarness hub = new HubHarness(HubHarness.settings(10, 10, 1), guard);
                NodeHarness node = new NodeHarness(TestDoor.OPEN, LONG, new FakeWorker("m"))) {
            String body = registration(node, node.door().address().toString());
            assertEquals(401, hub.post(REGISTER, body).statusCode());
            assertEquals(401, hub.post("/receive_heart_beat", "{}").statusCode());
            assertTrue(hub.control.ids().isEmpty());
            HttpRequest own = hub.door().request(REGISTER).header("Authorization", secret.authorization())
                    .POST(HttpRequest.BodyPublishers.ofString(body)).build();
            assertEquals(200, hub.door().send(own).statusCode());
        }
    }

    @Test
    void aTrustedStrangerIsNoWorkerOfOurs() throws IOException {
        Secret secret = Secret.of("a-secret-of-many-characters", "test");
        Guard guard = new Guard(true, new Credentials(Optional.of(secret), new TlsFiles("", "", "", "")),
                AddressRanges.of("127.0.0.0/8"));
        try (HubHarness hub = new HubHarness(HubHarness.settings(10, 10, 1), guard);
                NodeHarness node = new NodeHarness(TestDoor.OPEN, LONG, new FakeWorker("m"))) {
            String why = refusal(hub.post(REGISTER, registration(node, node.door().address().toString())), 401);
            assertTrue(why.contains("--cluster-secret"), why);
        }
    }

    @Test
    void aFloodOfRegistrationsIsRefusedAndDisturbsNobody() {
        try (HubHarness hub = new HubHarness(HubHarness.settings(100, 20, 8), TestDoor.OPEN);
                NodeHarness node = new NodeHarness(TestDoor.OPEN, LONG, new FakeWorker("m"))) {
            String address = node.door().address().toString();
            assertEquals(200, hub.post(REGISTER, registration(node, address)).statusCode());
            for (int i = 0; i < 19; i++) {
                assertEquals(400, hub.post(REGISTER, "{}").statusCode());
            }
            for (int i = 0; i < 100; i++) {
                HttpResponse<String> refused = hub.post(REGISTER, registration(node, address));
                assertEquals(429, refused.statusCode());
                assertEquals("3", refused.headers().firstValue("Retry-After").orElseThrow());
            }
            assertEquals(List.of(address + "#m"), hub.control.ids());
            assertEquals("{\"models\":[\"m\"]}", hub.json("/list_models", "").toString());
            hub.pass(3);
            assertEquals(200, hub.post(REGISTER, registration(node, address)).statusCode());
        }
    }

    @Test
    void moreWorkersThanTheControllerTakesAreRefusedWithBothNumbers() {
        try (HubHarness hub = new HubHarness(HubHarness.settings(1, 20, 8), TestDoor.OPEN);
                NodeHarness first = new NodeHarness(TestDoor.OPEN, LONG, new FakeWorker("m"));
                NodeHarness second = new NodeHarness(TestDoor.OPEN, LONG, new FakeWorker("m"))) {
            assertEquals(200, hub.post(REGISTER, registration(first, first.door().address().toString())).statusCode());
            String why = refusal(hub.post(REGISTER, registration(second, second.door().address().toString())), 503);
            assertTrue(why.contains("1 of 1") && why.contains("max_workers"), why);
            assertEquals(200, hub.post(REGISTER, registration(first, first.door().address().toString())).statusCode(),
                    "one that is known may register again");
        }
    }

    @Test
    void onlySoManyWorkersAreLookedAtAtATime() throws InterruptedException {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch answer = new CountDownLatch(1);
        try (HubHarness hub = new HubHarness(HubHarness.settings(100, 20, 1), TestDoor.OPEN);
                NodeHarness node = new NodeHarness(TestDoor.OPEN, LONG, new FakeWorker("m"));
                StubPeer slow = new StubPeer().on("/alcove/v1/status", (request, reply) -> {
                    asked.countDown();
                    reply.await(answer);
                    reply.json(404, "{}");
                })) {
            Thread first = Thread.startVirtualThread(() -> hub.post(REGISTER, registration(node, slow.address().toString())));
            asked.await();
            String why = refusal(hub.post(REGISTER, registration(node, node.door().address().toString())), 503);
            assertTrue(why.contains("1 of at most 1") && why.contains("max_probes"), why);
            assertEquals(200, hub.post("/list_models", "").statusCode(), "others are served meanwhile");
            answer.countDown();
            first.join();
            assertEquals(200, hub.post(REGISTER, registration(node, node.door().address().toString())).statusCode());
        }
    }
}
