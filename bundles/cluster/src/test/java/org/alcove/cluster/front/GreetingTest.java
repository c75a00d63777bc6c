package org.alcove.cluster.front;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.alcove.api.worker.RequestException;
import org.alcove.cluster.remote.RemoteWorker;
import org.alcove.cluster.stub.OwnControllerMock;
import org.alcove.cluster.stub.StubPeer;
import org.alcove.cluster.wire.Protocol;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A process that has begun to listen answers 404 everywhere, as one of FastChat does to a greeting. */
@Timeout(300)
class GreetingTest {

    private static final String WORKER = "http://127.0.0.1:1";

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

    private RequestException refusal() {
        return assertThrows(RequestException.class, harness::choose);
    }

    @Test
    void aControllerThatOpensItsPathsWhileItIsGreetedIsNotTakenForOneOfFastChat() {
        controller.opensAfter(1).lists(Harness.listed(WORKER, Protocol.ALCOVE, "m"));
        controller.refuses(503, "{\"error\":{},\"failure\":{\"kind\":\"unavailable\",\"message\":\"refused: its evidence\","
                + "\"retry_after_ms\":1000}}");
        harness.front.poll();
        assertEquals(Set.of(WORKER + "#m"), harness.published.keySet());
        assertEquals("refused: its evidence", refusal().getMessage());
    }

    @Test
    void aControllerThatHasNotOpenedItsPathsCountsAsAway() {
        controller.chooses("t", WORKER, "m").peer().on("/alcove/v1/hello", (asked, reply) -> reply.json(404, "{}"));
        assertInstanceOf(IOException.class, refusal().getCause());
        assertEquals(List.of(), controller.peer().asked("/get_worker_address"), "nothing of it is FastChat's");
        controller.peer().json("/alcove/v1/hello", "{\"protocol\":1,\"controller\":\"c\",\"heartbeat_seconds\":5}");
        harness.pass(Duration.ofSeconds(3));
        assertEquals(WORKER + "#m", harness.choose().worker());
    }

    @Test
    void aControllerThatHasTakenThePlaceOfOneOfFastChatIsGreetedAtTheNextRound() {
        controller.opensAfter(2).lists(Harness.listed(WORKER, Protocol.ALCOVE, "m")).chooses("t", WORKER, "m");
        harness.front.poll();
        assertEquals(Set.of(), harness.published.keySet());
        harness.front.poll();
        assertEquals(Set.of(WORKER + "#m"), harness.published.keySet());
        assertEquals(WORKER + "#m", harness.choose().worker());
    }

    @Test
    void whileTheControllerIsAwayAWorkerThatOpensItsPathsIsNotTakenForOneOfFastChat() {
        try (StubPeer worker = new StubPeer()) {
            worker.json("/worker_get_status", "{\"model_names\":[\"m\"],\"speed\":1,\"queue_length\":0}");
            String address = worker.address().toString();
            controller.lists(Harness.listed(address, Protocol.ALCOVE, "m"));
            harness.front.poll();
            controller.close();
            harness.front.poll();
            assertEquals(1, worker.asked("/worker_get_status").size(), "and it was asked");
            assertInstanceOf(RemoteWorker.class, harness.published.get(address + "#m"));
            harness.pass(Duration.ofSeconds(50));
            harness.front.poll();
            harness.pass(Duration.ofSeconds(50));
            harness.front.poll();
            assertEquals(1, harness.published.size(), "it lives");
        }
    }
}
