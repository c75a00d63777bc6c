package org.alcove.cluster.front;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.alcove.api.control.WorkerChoice;
import org.alcove.api.worker.Failure;
import org.alcove.api.worker.Generation;
import org.alcove.api.worker.GenerationEvent;
import org.alcove.api.worker.RequestException;
import org.alcove.cluster.remote.RemoteWorker;
import org.alcove.cluster.stub.FastChatControllerMock;
import org.alcove.cluster.stub.FastChatWorkerMock;
import org.alcove.cluster.stub.StubPeer;
import org.alcove.cluster.wire.Json;
import org.alcove.cluster.wire.ProcessReport;
import org.alcove.cluster.wire.Requests;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
class FastChatFrontTest {

    private final FastChatControllerMock controller = new FastChatControllerMock("vicuna");
    private final FastChatWorkerMock one = new FastChatWorkerMock("vicuna");
    private final FastChatWorkerMock two = new FastChatWorkerMock("vicuna");
    private Harness harness;

    @BeforeEach
    void open() throws Exception {
        harness = new Harness(controller.address());
        controller.names(one.address(), two.address());
    }

    @AfterEach
    void close() {
        harness.close();
        one.close();
        two.close();
        controller.close();
    }

    private WorkerChoice choose(String model, Set<String> excluded, Optional<String> fingerprint) {
        return harness.front.choose(Requests.chat(model, "hello"), excluded, fingerprint);
    }

    private static String id(FastChatWorkerMock worker) {
        return worker.address() + "#vicuna";
    }

    @Test
    void itsModelsAreServedByOneWorkerAtFirstAndByAllThatItNames() {
        harness.front.poll();
        assertEquals(Set.of(id(one)), harness.published.keySet());
        IntStream.range(0, 5).forEach(round -> harness.front.poll());
        assertEquals(1, controller.questions(), "every question counts as a request there");
        assertEquals(id(two), choose("vicuna", Set.of(), Optional.empty()).worker());
        harness.front.poll();
        assertEquals(Set.of(id(one), id(two)), harness.published.keySet());
    }

    @Test
    void aWholeAnswerComesThroughWithoutTheSecret() throws InterruptedException {
        harness.front.poll();
        two.answers("Hel", "Hello");
        one.answers("Hel", "Hello");
        String worker = choose("vicuna", Set.of(), Optional.empty()).worker();
        harness.front.poll();
        StringBuilder text = new StringBuilder();
        try (Generation answer = harness.published.get(worker).generate(Requests.chat("vicuna", "hello"))) {
            for (GenerationEvent event = answer.next(); event != null; event = answer.next()) {
                if (event instanceof GenerationEvent.Delta delta) {
                    text.append(delta.text());
                }
            }
        }
        assertEquals("Hello", text.toString());
        assertFalse(one.sawSecret() || two.sawSecret());
    }

    @Test
    void anExcludedWorkerIsAskedAroundAFewTimes() {
        assertEquals(id(two), choose("vicuna", Set.of(id(one)), Optional.empty()).worker());
        int before = controller.questions();
        RequestException refused = assertThrows(RequestException.class,
                () -> choose("vicuna", Set.of(id(one), id(two)), Optional.empty()));
        assertInstanceOf(Failure.Unavailable.class, refused.failure());
        assertNull(refused.getCause());
        assertEquals(8, controller.questions() - before);
    }

    @Test
    void nobodyGoesOnWithAnAnswerAtAWorkerWithoutAFingerprint() {
        harness.front.poll();
        for (String print : List.of("", "print")) {
            assertInstanceOf(Failure.Unavailable.class, assertThrows(RequestException.class,
                    () -> choose("vicuna", Set.of(), Optional.of(print))).failure());
        }
    }

    @Test
    void aModelThatNobodyServesIsUnknown() {
        assertInstanceOf(Failure.UnknownModel.class,
                assertThrows(RequestException.class, () -> choose("other", Set.of(), Optional.empty())).failure());
        controller.names();
        assertInstanceOf(Failure.Unavailable.class,
                assertThrows(RequestException.class, () -> choose("vicuna", Set.of(), Optional.empty())).failure());
    }

    @Test
    void withoutAnyModelNoneIsCalledUnknown() throws Exception {
        try (FastChatControllerMock lonely = new FastChatControllerMock(); Harness front = new Harness(lonely.address())) {
            RequestException refused = assertThrows(RequestException.class, front::choose);
            assertInstanceOf(Failure.Unavailable.class, refused.failure());
            assertTrue(refused.getMessage().contains("./alcove worker --controller URL"), refused.getMessage());
            assertNull(refused.getCause());
        }
    }

    @Test
    void aWorkerOfOursThatItNamesIsSpokenToInOurProtocolWithoutTheSecret() {
        try (StubPeer ours = new StubPeer()) {
            ours.on("/alcove/v1/status", (asked, reply) -> reply.json(200, new String(Json.bytes(new ProcessReport("i",
                    List.of(Harness.report("vicuna"))).json()), StandardCharsets.UTF_8)));
            controller.names(ours.address());
            harness.front.poll();
            assertInstanceOf(RemoteWorker.class, harness.published.get(ours.address() + "#vicuna"));
            assertTrue(ours.all().stream().noneMatch(asked -> asked.headers().containsKey("Authorization")));
            assertEquals(ours.address() + "#vicuna", choose("vicuna", Set.of(), Optional.of("print")).worker());
        }
    }
}
