package org.alcove.cluster.front;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.alcove.api.worker.WorkerStatus;
import org.alcove.cluster.remote.ToldWorker;
import org.alcove.cluster.stub.OwnControllerMock;
import org.alcove.cluster.stub.StubPeer;
import org.alcove.cluster.wire.Json;
import org.alcove.cluster.wire.ListedWorker;
import org.alcove.cluster.wire.ProcessReport;
import org.alcove.cluster.wire.Protocol;
import org.alcove.cluster.wire.WorkerReport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The way to a worker, and what is thought of its evidence, are the controller's to say, also while it is away. */
@Timeout(300)
class WayTest {

    private final OwnControllerMock controller = new OwnControllerMock();
    private final StubPeer worker = new StubPeer();
    private final String address = "http://worker.invalid:" + worker.port();
    private Harness harness;

    @BeforeEach
    void open() {
        harness = new Harness(controller.address(), Optional.empty());
        worker.json("/alcove/v1/drain", "{}").on("/alcove/v1/status", (asked, reply) -> reply.json(200, new String(Json.bytes(
                new ProcessReport("i", List.of(Harness.report("m").withQueueLength(17))).json()), StandardCharsets.UTF_8)));
    }

    @AfterEach
    void close() {
        harness.close();
        controller.close();
        worker.close();
    }

    private ListedWorker listed(String evidence, WorkerStatus.State state) {
        return new ListedWorker(address, Protocol.ALCOVE, Harness.report("m").withState(state, "")
                .withId(WorkerReport.clusterId(address, "m")), evidence, "127.0.0.1", "");
    }

    private ToldWorker told(ListedWorker listed) {
        controller.lists(listed);
        harness.front.poll();
        return (ToldWorker) harness.published.get(address + "#m");
    }

    private void leaveAlone() {
        controller.close();
        harness.pass(Duration.ofSeconds(10));
        harness.front.poll();
    }

    @Test
    void aWorkerIsAskedAtTheMachineThatTheControllerLookedAt() {
        told(listed("", WorkerStatus.State.READY)).drain();
        assertEquals("worker.invalid:" + worker.port(), worker.asked("/alcove/v1/drain").getFirst().headers().get("Host"));
    }

    @Test
    void whileTheControllerIsAwayTheWayStays() {
        ToldWorker told = told(listed("good", WorkerStatus.State.READY));
        leaveAlone();
        assertEquals(17, told.status().queueLength());
        told.drain();
        assertEquals(1, worker.asked("/alcove/v1/drain").size());
    }

    @Test
    void whoseEvidenceWasRefusedIsNoBetterByItsOwnWord() {
        ToldWorker told = told(listed("refused", WorkerStatus.State.PAUSED));
        leaveAlone();
        assertTrue(worker.asked("/alcove/v1/status").size() > 0, "it was asked, and says that it is ready");
        assertEquals(WorkerStatus.State.PAUSED, told.status().state());
        harness.pass(Duration.ofSeconds(100));
        harness.front.poll();
        assertEquals(1, harness.published.size(), "and is still there to be told of");
    }
}
