package org.alcove.cluster.front;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.alcove.api.control.WorkerChoice;
import org.alcove.api.worker.Failure;
import org.alcove.api.worker.RequestException;
import org.alcove.api.worker.WorkerStatus;
import org.alcove.cluster.remote.ForeignWorker;
import org.alcove.cluster.remote.RemoteWorker;
import org.alcove.cluster.stub.OwnControllerMock;
import org.alcove.cluster.stub.StubPeer;
import org.alcove.cluster.wire.Json;
import org.alcove.cluster.wire.ListedWorker;
import org.alcove.cluster.wire.ProcessReport;
import org.alcove.cluster.wire.Protocol;
import org.alcove.cluster.wire.Requests;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
class FrontTest {

    private static final String WORKER = "http://127.0.0.1:1";
    private static final String NONE_YET =
            "{\"error\":{},\"failure\":{\"kind\":\"unknown_model\",\"message\":\"no worker\",\"model\":\"m\"}}";

    private final OwnControllerMock controller = new OwnControllerMock();
    private Harness harness;

    @BeforeEach
    void open() throws Exception {
        harness = new Harness(controller.address());
    }

    @AfterEach
    void close() {
        harness.close();
        controller.close();
    }

    private WorkerChoice choose() {
        return harness.front.choose(Requests.chat("m", "my secret text"), Set.of("http://b#m"), Optional.of("print"));
    }

    private RequestException refusal() {
        return assertThrows(RequestException.class, this::choose);
    }

    @Test
    void theWorkersOfTheControllerBecomeServices() {
        controller.lists(Harness.listed(WORKER, Protocol.ALCOVE, "m"), Harness.listed("http://127.0.0.1:2", Protocol.FASTCHAT,
                "n"));
        harness.front.poll();
        assertEquals(Set.of(WORKER + "#m", "http://127.0.0.1:2#n"), harness.published.keySet());
        assertInstanceOf(RemoteWorker.class, harness.published.get(WORKER + "#m"));
        assertInstanceOf(ForeignWorker.class, harness.published.get("http://127.0.0.1:2#n"));
        assertEquals("Bearer " + Harness.SECRET, controller.peer().asked("/alcove/v1/workers").getFirst().headers()
                .get("Authorization"));
    }

    @Test
    void aWorkerIsToldHowItStandsAtEveryRound() {
        controller.lists(Harness.listed(WORKER, Protocol.ALCOVE, "m"));
        harness.front.poll();
        RemoteWorker before = (RemoteWorker) harness.published.get(WORKER + "#m");
        controller.lists(new ListedWorker(WORKER, Protocol.ALCOVE,
                Harness.report("m").withState(WorkerStatus.State.DRAINING, "asked to")));
        harness.front.poll();
        assertEquals(WorkerStatus.State.DRAINING, before.status().state());
        assertEquals(before, harness.published.get(WORKER + "#m"));
    }

    @Test
    void aWorkerThatIsListedNoMoreStaysForAWhileAndThenGoes() {
        controller.lists(Harness.listed(WORKER, Protocol.ALCOVE, "m"));
        harness.front.poll();
        controller.lists();
        harness.pass(Duration.ofSeconds(59));
        harness.front.poll();
        assertEquals(1, harness.published.size());
        harness.pass(Duration.ofSeconds(2));
        harness.front.poll();
        assertEquals(0, harness.published.size());
    }

    @Test
    void theControllerChoosesAndIsNotToldTheText() {
        controller.chooses("t1", WORKER, "m");
        WorkerChoice choice = choose();
        assertEquals(WORKER + "#m", choice.worker());
        assertEquals("it said so", choice.reason());
        JsonNode asked = controller.peer().asked("/alcove/v1/choose").getFirst().json();
        assertFalse(asked.toString().contains("secret text"), asked.toString());
        assertEquals("http://b#m", asked.path("excluded").path(0).textValue());
        assertEquals("print", asked.path("fingerprint").textValue());
        assertEquals("m", asked.path("request").path("model").textValue());
    }

    @Test
    void ticketsAreReleasedOnceAndTogether() {
        AtomicInteger wishes = new AtomicInteger();
        harness.front.tell(() -> { }, wishes::incrementAndGet);
        controller.chooses("t", WORKER, "m");
        WorkerChoice one = choose();
        controller.chooses("u", WORKER, "m");
        WorkerChoice two = choose();
        one.close();
        one.close();
        two.close();
        assertEquals(2, wishes.get());
        harness.front.release();
        harness.front.release();
        assertEquals(2, controller.released().size());
        assertEquals(1, controller.peer().asked("/alcove/v1/release").size());
    }

    @Test
    void theNextQuestionEndsTheTicketsThatAreNotYetReleased() {
        controller.chooses("t", WORKER, "m");
        choose().close();
        choose();
        List<StubPeer.Asked> asked = controller.peer().asked("/alcove/v1/choose");
        assertEquals("[]", asked.getFirst().json().path("ended").toString());
        assertEquals(1, asked.getLast().json().path("ended").size());
        harness.front.release();
        assertEquals(1, controller.released().size(), "told once more, in case nobody asks");
    }

    @Test
    void ticketsAreKeptWhileTheControllerIsAway() {
        controller.chooses("t", WORKER, "m");
        choose().close();
        int port = controller.peer().port();
        controller.close();
        assertEquals(Duration.ofSeconds(1), harness.front.release());
        harness.pass(Duration.ofSeconds(3));
        try (OwnControllerMock again = new OwnControllerMock(port)) {
            harness.front.release();
            assertEquals(List.of("t"), again.released());
        }
    }

    @Test
    void anUnknownWorkerThatIsChosenIsLookedFor() {
        AtomicInteger strangers = new AtomicInteger();
        harness.front.tell(strangers::incrementAndGet, () -> { });
        controller.chooses("t", WORKER, "m");
        choose();
        assertEquals(1, strangers.get());
        controller.lists(Harness.listed(WORKER, Protocol.ALCOVE, "m"));
        harness.front.poll();
        choose();
        assertEquals(1, strangers.get());
    }

    @Test
    void whatTheControllerRefusesIsRefused() {
        controller.refuses(503, "{\"error\":{\"code\":\"overloaded\",\"message\":\"full\"},\"failure\":{\"kind\":\"overloaded\","
                + "\"message\":\"full\",\"retry_after_ms\":2000}}");
        RequestException refused = refusal();
        assertEquals(new Failure.Overloaded(Duration.ofSeconds(2), "full"), refused.failure());
        assertNull(refused.getCause());
    }

    @Test
    void aControllerThatIsAwayIsToldFromOneThatSaysNo() {
        controller.close();
        RequestException refused = refusal();
        assertEquals(new Failure.Unavailable(Duration.ofSeconds(1), "the controller cannot be asked: " + controller.address()
                + " cannot be reached: connection refused"), refused.failure());
        assertInstanceOf(IOException.class, refused.getCause());
    }

    @Test
    void aControllerThatIsAwayIsNotAskedByEveryRequest() {
        int port = controller.peer().port();
        controller.close();
        refusal();
        try (OwnControllerMock again = new OwnControllerMock(port)) {
            again.chooses("t", WORKER, "m");
            assertTrue(refusal().getMessage().contains("a moment ago"));
            harness.pass(Duration.ofSeconds(3));
            assertEquals(WORKER + "#m", choose().worker());
        }
    }

    @Test
    void aControllerThatTalksNonsenseCountsAsAway() {
        controller.refuses(200, "{\"ticket\":");
        assertInstanceOf(IOException.class, refusal().getCause());
    }

    @Test
    void aRestartedControllerIsGreetedAgain() {
        controller.lists(Harness.listed(WORKER, Protocol.ALCOVE, "m"));
        harness.front.poll();
        controller.restarts();
        harness.front.poll();
        harness.front.poll();
        assertEquals(2, controller.peer().asked("/alcove/v1/hello").size());
        assertEquals(1, harness.published.size(), "its workers will come again");
    }

    @Test
    void aRestartedControllerThatDoesNotKnowItsWorkersYetCountsAsAway() {
        controller.lists(Harness.listed(WORKER, Protocol.ALCOVE, "m"));
        harness.front.poll();
        controller.restarts();
        controller.refuses(404, NONE_YET);
        assertInstanceOf(IOException.class, refusal().getCause());
        harness.pass(Duration.ofSeconds(11));
        RequestException later = refusal();
        assertInstanceOf(Failure.UnknownModel.class, later.failure());
        assertNull(later.getCause());
    }

    @Test
    void aControllerThatWasNotRestartedIsBelieved() {
        controller.lists(Harness.listed(WORKER, Protocol.ALCOVE, "m"));
        harness.front.poll();
        controller.refuses(404, NONE_YET);
        assertInstanceOf(Failure.UnknownModel.class, refusal().failure());
    }

    @Test
    void whileTheControllerIsAwayTheWorkersSayHowTheyStand() {
        try (StubPeer worker = new StubPeer()) {
            worker.on("/alcove/v1/status", (asked, reply) -> reply.json(200, new String(Json.bytes(new ProcessReport("i",
                    List.of(Harness.report("m").withQueueLength(17))).json()), StandardCharsets.UTF_8)));
            String address = worker.address().toString();
            controller.lists(Harness.listed(address, Protocol.ALCOVE, "m"));
            harness.front.poll();
            controller.close();
            harness.pass(Duration.ofSeconds(100));
            harness.front.poll();
            assertEquals(17, harness.published.get(address + "#m").status().queueLength());
        }
    }

    @Test
    void anotherVersionOfTheProtocolIsNotSpoken() {
        controller.peer().json("/alcove/v1/hello", "{\"protocol\":2,\"controller\":\"c\",\"heartbeat_seconds\":5}");
        String message = refusal().getMessage();
        assertTrue(message.contains("version 2") && message.contains("version 1"), message);
    }

    @Test
    void aControllerThatWantsAnotherSecretSaysSo() {
        controller.peer().on("/alcove/v1/hello", (asked, reply) -> reply.json(401, "{}"));
        assertTrue(refusal().getMessage().contains("--cluster-secret"));
    }
}
