package org.alcove.cluster.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.alcove.api.worker.GenerateRequest;
import org.alcove.api.worker.RequestContext;
import org.alcove.api.worker.SamplingParameters;
import org.alcove.api.worker.WorkerStatus;
import org.alcove.cluster.node.NodeHarness;
import org.alcove.cluster.stub.FakeWorker;
import org.alcove.cluster.stub.Frames;
import org.alcove.cluster.stub.TestDoor;
import org.alcove.cluster.wire.Beat;
import org.alcove.cluster.wire.ChoiceRequest;
import org.alcove.cluster.wire.Leave;
import org.alcove.cluster.wire.ProcessReport;
import org.alcove.cluster.wire.Release;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Workers and API processes of ours, and a controller of ours. */
class OwnHubTest {

    private static final Duration LONG = Duration.ofSeconds(60);
    private static final String BEAT = "/receive_heart_beat";

    private final HubHarness hub = new HubHarness();
    private final FakeWorker worker = new FakeWorker("m");
    private final NodeHarness node = new NodeHarness(TestDoor.OPEN, LONG, worker);
    private final String address = node.door().address().toString();
    private final String id = address + "#m";

    @AfterEach
    void close() {
        hub.close();
        node.close();
    }

    private void register() {
        register(node);
    }

    private void register(NodeHarness process) {
        hub.json("/register_worker", RegistrationTest.registration(process, process.door().address().toString()));
    }

    private String beat(String instance) {
        return new Beat(address, 0, Optional.of(new ProcessReport(instance, node.report().workers()))).json().toString();
    }

    private static String choice(String client, String... ended) {
        return choice(client, Optional.empty(), ended);
    }

    private static String choice(String client, Optional<String> ticket, String... ended) {
        GenerateRequest request = new GenerateRequest("m", RequestContext.named("r1"), new GenerateRequest.Text(""),
                SamplingParameters.PLAIN, GenerateRequest.Limits.tokens(0), GenerateRequest.Logprobs.NONE);
        return new ChoiceRequest(client, request, Set.of(), Optional.empty(), List.of(ended), ticket).json().toString();
    }

    private String choose(String client, String... ended) {
        return hub.json("/alcove/v1/choose", choice(client, ended)).path("ticket").textValue();
    }

    @Test
    void aBeatFromAnUnknownWorkerAsksItToRegister() {
        assertEquals("{\"exist\":false}", hub.json(BEAT, beat(NodeHarness.INSTANCE)).toString());
        register();
        assertEquals("{\"exist\":true}", hub.json(BEAT, beat(NodeHarness.INSTANCE)).toString());
        assertEquals("{\"exist\":false}", hub.json(BEAT, beat("another process")).toString());
        assertEquals("{\"exist\":false}", hub.json(BEAT, new Beat(address, 0, Optional.empty()).json().toString()).toString(),
                "a beat that shows nothing is not this worker's");
    }

    @Test
    void beatsTellHowWorkersStandAndModelsComeAndGo() {
        register();
        worker.queue(4).standing(WorkerStatus.State.PAUSED);
        hub.json(BEAT, new Beat(address, 4, Optional.of(node.report())).json().toString());
        assertEquals(4, hub.control.workers().getFirst().queueLength());
        assertEquals(WorkerStatus.State.PAUSED, hub.control.workers().getFirst().state());
        hub.json(BEAT, new Beat(address, 0, Optional.of(new ProcessReport(NodeHarness.INSTANCE, List.of()))).json().toString());
        assertTrue(hub.control.ids().isEmpty());
        hub.json(BEAT, beat(NodeHarness.INSTANCE));
        assertEquals(List.of(id), hub.control.ids());
    }

    @Test
    void aWorkerThatIsSilentIsKeptForAWhileAndThenForgotten() {
        register();
        hub.pass(600);
        assertEquals(List.of(id), hub.control.ids(), "late and gone are for core to say");
        assertEquals(FakeWorker.NOW.minusMillis(30), hub.control.workers().getFirst().lastBeat());
        hub.pass(1);
        assertTrue(hub.control.ids().isEmpty());
    }

    @Test
    void aWorkerThatLeavesGetsNothingMoreAndIsForgottenSoon() {
        register();
        hub.json("/alcove/v1/leave", new Leave(address, "another process").json().toString());
        assertEquals(WorkerStatus.State.READY, hub.control.workers().getFirst().state());
        hub.json("/alcove/v1/leave", new Leave(address, NodeHarness.INSTANCE).json().toString());
        assertEquals(WorkerStatus.State.DRAINING, hub.control.workers().getFirst().state());
        hub.json(BEAT, beat(NodeHarness.INSTANCE));
        assertEquals(WorkerStatus.State.DRAINING, hub.control.workers().getFirst().state(), "a last beat changes nothing");
        assertEquals(404, hub.post("/alcove/v1/choose", choice("api")).statusCode());
        hub.pass(61);
        assertTrue(hub.control.ids().isEmpty());
    }

    @Test
    void aWorkerThatIsDismissedComesBackOnlyByRegisteringAnew() {
        register();
        hub.control.worker(id).dismiss();
        assertTrue(hub.control.ids().isEmpty());
        assertEquals("{\"exist\":false}", hub.json(BEAT, beat(NodeHarness.INSTANCE)).toString());
        assertTrue(hub.control.ids().isEmpty());
        register();
        assertEquals(List.of(id), hub.control.ids());
    }

    @Test
    void aWorkerThatWasStartedAnewReplacesTheOldOne() {
        register();
        var before = hub.control.worker(id);
        register();
        assertTrue(before == hub.control.worker(id), "the same process");
        hub.json("/alcove/v1/leave", new Leave(address, NodeHarness.INSTANCE).json().toString());
        register();
        assertTrue(before != hub.control.worker(id), "one that comes back is another one");
        assertEquals(List.of(id), hub.control.ids());
        assertEquals(WorkerStatus.State.READY, hub.control.workers().getFirst().state());
    }

    @Test
    void anApiProcessIsGreetedAndToldOfAllWorkers() {
        register();
        JsonNode welcome = hub.json("/alcove/v1/hello", "{\"protocol\": 1, \"client\": \"api\"}");
        assertEquals(5, welcome.path("heartbeat_seconds").intValue());
        assertEquals(409, hub.post("/alcove/v1/hello", "{\"protocol\": 2, \"client\": \"api\"}").statusCode());
        JsonNode list = Frames.json(hub.door().get("/alcove/v1/workers?client=api").body());
        assertEquals(welcome.path("controller"), list.path("controller"));
        assertEquals(id, list.at("/workers/0/id").textValue());
        assertEquals(address, list.at("/workers/0/address").textValue());
        assertEquals("alcove", list.at("/workers/0/protocol").textValue());
        assertEquals(400, hub.door().get("/alcove/v1/workers").statusCode());
    }

    @Test
    void whoeverAsksAgainMayEndItsTicketsWithTheSameQuestion() {
        register();
        String ticket = choose("api");
        choose("other api", ticket);
        assertEquals(2, hub.control.count(id), "it is another's");
        choose("api", ticket, "none");
        assertEquals(2, hub.control.count(id));
    }

    @Test
    void aTicketCountsUntilItIsReleased() {
        register();
        String ticket = choose("api");
        String other = choose("other api");
        assertEquals(2, hub.control.count(id));
        hub.json("/alcove/v1/release", new Release("other api", List.of(ticket)).json().toString());
        assertEquals(2, hub.control.count(id), "it is another's");
        hub.json("/alcove/v1/release", new Release("api", List.of(ticket, "none")).json().toString());
        hub.json("/alcove/v1/release", new Release("api", List.of(ticket)).json().toString());
        assertEquals(1, hub.control.count(id));
        hub.json("/alcove/v1/release", new Release("other api", List.of(other)).json().toString());
        assertEquals(0, hub.control.count(id));
    }

    private int chooses(String ticket) {
        return hub.post("/alcove/v1/choose", choice("api", Optional.of(ticket))).statusCode();
    }

    private void release(String... tickets) {
        hub.json("/alcove/v1/release", new Release("api", List.of(tickets)).json().toString());
    }

    @Test
    void anApiProcessNamesItsTicketsItselfAndNeedsToReadNoAnswerToReleaseThem() {
        register();
        assertEquals("mine", hub.json("/alcove/v1/choose", choice("api", Optional.of("mine"))).path("ticket").textValue());
        assertEquals(1, hub.control.count(id));
        assertEquals(409, chooses("mine"), "it is in use");
        assertEquals(400, chooses("x".repeat(200)));
        assertEquals(400, chooses(""));
        assertEquals(1, hub.control.count(id));
        release("mine");
        assertEquals(0, hub.control.count(id));
    }

    @Test
    void aTicketThatIsReleasedBeforeItIsOpenedIsNotOpened() {
        register();
        release("late");
        assertEquals(409, chooses("late"));
        assertEquals(0, hub.control.count(id));
        assertEquals(200, chooses("other"));
        choose("another api", "late");
        assertEquals(2, hub.control.count(id), "what another releases is not meant");
    }

    @Test
    void onlySoManyTicketsAreRememberedThatWereReleasedBeforeTheyWereOpened() {
        register();
        release("x".repeat(200), "1", "2", "3", "4", "5");
        assertEquals(200, chooses("1"));
        assertEquals(409, chooses("2"));
        assertEquals(409, chooses("5"));
    }

    @Test
    void noTicketIsRememberedForLongerThanItsQuestionMayBeOnItsWay() {
        register();
        release("late");
        for (int i = 0; i < 7; i++) {
            hub.pass(10);
            assertNotEquals(i < 6 ? 200 : 409, chooses("late"), "after " + 10 * (i + 1) + " s");
        }
    }

    @Test
    void theTicketsOfAnApiProcessThatIsGoneCountNoMore() {
        register();
        choose("api");
        choose("lively");
        for (int i = 0; i < 7; i++) {
            hub.pass(10);
            hub.door().get("/alcove/v1/workers?client=lively");
        }
        assertEquals(1, hub.control.count(id));
    }

    @Test
    void apiProcessesAndTicketsAreBoundedAndTheRestIsRefusedWithBothNumbers() {
        register();
        for (int i = 0; i < 4; i++) {
            choose("api");
        }
        var refused = hub.post("/alcove/v1/choose", choice("api"));
        assertEquals(503, refused.statusCode());
        assertTrue(refused.body().contains("4 of at most 4"), refused.body());
        assertEquals(4, hub.control.count(id), "what was refused does not count");
        choose("second");
        choose("third");
        assertEquals(503, hub.post("/alcove/v1/choose", choice("fourth")).statusCode());
        assertEquals(400, hub.post("/alcove/v1/choose", choice("x".repeat(200))).statusCode());
    }

    @Test
    void aChoiceThatCannotBeMadeGivesTheFailureItself() {
        try (NodeHarness other = new NodeHarness(TestDoor.OPEN, LONG, new FakeWorker("n"))) {
            register(other);
            var refused = hub.post("/alcove/v1/choose", choice("api"));
            assertEquals(404, refused.statusCode());
            assertEquals("unknown_model", Frames.json(refused.body()).at("/failure/kind").textValue());
        }
    }

    private void assertNobodyThere() {
        var refused = hub.post("/alcove/v1/choose", choice("api"));
        assertEquals(503, refused.statusCode());
        assertEquals("the controller knows no worker that serves anything; start one with ./alcove worker --controller URL"
                + " --model PATH", Frames.json(refused.body()).at("/failure/message").textValue());
    }

    @Test
    void withoutAnyWorkerNoModelIsCalledUnknown() {
        assertNobodyThere();
        register();
        hub.pass(601);
        assertNobodyThere();
    }

    @Test
    void aWorkerThatLeavesWhileItIsChosenIsReplacedByAnother() {
        try (NodeHarness other = new NodeHarness(TestDoor.OPEN, LONG, worker)) {
            register();
            register(other);
            hub.control.meanwhile(hub.control.worker(id)::dismiss);
            assertEquals(other.door().address() + "#m",
                    hub.json("/alcove/v1/choose", choice("api")).path("worker").textValue());
            assertEquals(0, hub.control.count(id), "what was chosen in vain does not count");
            hub.control.meanwhile(hub.control.worker(other.door().address() + "#m")::dismiss);
            assertNobodyThere();
        }
    }
}
