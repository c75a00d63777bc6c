package org.alcove.connect.offer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.alcove.api.conversation.Message;
import org.alcove.api.worker.GenerateRequest;
import org.alcove.api.worker.Generation;
import org.alcove.api.worker.GenerationEvent;
import org.alcove.api.worker.RequestContext;
import org.alcove.api.worker.ResumeState;
import org.alcove.api.worker.SamplingParameters;
import org.alcove.attestation.Policy;
import org.alcove.attestation.tdx.TestPlatform;
import org.alcove.connect.FakeServer;
import org.alcove.connect.Finding;
import org.alcove.connect.VerifiedServer;
import org.alcove.core.TestCore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Sealed workers of several servers in one core: a server that dies in the middle of an answer, and who goes on with it. */
class ResumeTest {

    private static final String POLICY = "{\"version\":1,\"allow_mock\":true,\"measurements\":{\"mr_td\":\"any\","
            + "\"rtmr_0\":\"any\",\"rtmr_1\":\"any\",\"rtmr_2\":\"any\",\"rtmr_3\":\"any\",\"mr_config_id\":\"any\"}}";

    private final List<FakeServer> servers = new ArrayList<>();
    private final List<VerifiedServer> clients = new ArrayList<>();
    private final List<SealedWorker> workers = new ArrayList<>();

    @AfterEach
    void stop() {
        clients.forEach(VerifiedServer::close);
        servers.forEach(FakeServer::close);
    }

    private static GenerationEvent.Delta delta(String text, int state) {
        return new GenerationEvent.Delta(text, List.of(), Optional.of(new ResumeState("f", new byte[state])));
    }

    private FakeServer server(String id, GenerationEvent... deltas) throws Exception {
        FakeServer server = new FakeServer(Optional.empty(), new byte[32]);
        server.worker = id;
        server.answer.add(new GenerationEvent.Started(id, "f", 7, 3));
        server.answer.addAll(List.of(deltas));
        server.answer.add(new GenerationEvent.Finished(GenerationEvent.Reason.STOP, new GenerationEvent.Usage(3, 0, 2)));
        servers.add(server);
        return server;
    }

    /** Looks at a server as the connector does, and offers its worker to core. */
    private Finding offer(FakeServer server) throws Exception {
        VerifiedServer client = new VerifiedServer(new VerifiedServer.Settings(server.address(), Optional.empty(), false,
                Duration.ofMinutes(3), Duration.ofSeconds(20)), server.platform.verifier(), () -> TestPlatform.NOW);
        clients.add(client);
        Finding finding = client.verify(Policy.read(POLICY.getBytes(StandardCharsets.UTF_8)), server.platform.collateral())
                .getFirst();
        workers.add(new SealedWorker(client, "", finding, () -> { }));
        return finding;
    }

    private List<GenerationEvent> ask() throws InterruptedException {
        GenerateRequest request = new GenerateRequest("m", RequestContext.named("r"),
                new GenerateRequest.Chat(List.of(new Message(Message.Role.USER, "CANARY-PROMPT")), Map.of()),
                SamplingParameters.GREEDY, GenerateRequest.Limits.tokens(9), GenerateRequest.Logprobs.NONE);
        List<GenerationEvent> events = new ArrayList<>();
        try (Generation generation = TestCore.of(workers).generate(request)) {
            for (GenerationEvent event = generation.next(); event != null; event = generation.next()) {
                events.add(event);
            }
        }
        return events;
    }

    private static String text(List<GenerationEvent> events) {
        StringBuilder text = new StringBuilder();
        events.forEach(event -> text.append(event instanceof GenerationEvent.Delta delta ? delta.text() : ""));
        return text.toString();
    }

    @Test
    void anAnswerWhoseServerDiesIsSealedAgainToAnotherVerifiedOneAndGoesOnWithTheSameText() throws Exception {
        FakeServer dying = server("a", delta("CANARY-", 1), delta("ANSWER", 2));
        dying.cut = 3;
        FakeServer debug = server("b", delta("ANSWER", 2));
        debug.platform.debug();
        FakeServer right = server("c", delta("ANSWER", 2));
        assertTrue(offer(dying).good());
        assertFalse(offer(debug).good());
        assertTrue(offer(right).good());
        List<GenerationEvent> events = ask();
        assertEquals("CANARY-ANSWER", text(events));
        assertInstanceOf(GenerationEvent.Finished.class, events.getLast());
        assertArrayEquals(new byte[1], right.asked.getFirst().context().resume().orElseThrow().state(), "it goes on, not anew");
        assertEquals(0, debug.sent.size(), "nothing goes to who was not verified");
        assertFalse((dying.sent.toString(StandardCharsets.UTF_8) + right.sent.toString(StandardCharsets.UTF_8))
                .contains("CANARY"));
    }

    @Test
    void whereNobodyElseWasVerifiedTheAnswerEndsAndNothingIsSent() throws Exception {
        FakeServer dying = server("a", delta("CANARY-", 1), delta("ANSWER", 2));
        dying.cut = 3;
        FakeServer stale = server("b", delta("ANSWER", 2));
        stale.platform.stale();
        offer(dying);
        assertFalse(offer(stale).good());
        assertInstanceOf(GenerationEvent.Failed.class, ask().getLast());
        assertEquals(0, stale.sent.size());
    }
}
